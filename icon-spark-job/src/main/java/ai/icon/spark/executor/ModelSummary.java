package ai.icon.spark.executor;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.decoder.DecoderSpec;
import ai.icon.djl.DjlDecoder;
import ai.icon.djl.Precision;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a checkpoint is, found without loading a weight.
 *
 * @param path its folder
 * @param fingerprint of its content
 * @param spec its decoder
 * @param parameters numbers that it holds
 */
public record ModelSummary(String path, String fingerprint, DecoderSpec spec, long parameters) {
  private static final double MEBIBYTE = 1 << 20;

  /**
   * Opens and checks a checkpoint.
   *
   * @throws ai.icon.error.UserError if it cannot be used
   */
  public static ModelSummary of(String path) {
    Checkpoint checkpoint = Checkpoint.open(Path.of(path));
    DecoderSpec spec = DjlDecoder.spec(checkpoint);
    return new ModelSummary(path, checkpoint.fingerprint(), spec, checkpoint.parameters());
  }

  /** One line for people. */
  public String describe(Precision precision) {
    return String.format(
        Locale.ROOT,
        "%s: %s, %,d parameters, %,.0f MiB in %s, context %,d tokens",
        path,
        spec.family(),
        parameters,
        parameters * precision.bytes() / MEBIBYTE,
        precision.text(),
        spec.contextLength());
  }
}

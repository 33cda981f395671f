package ai.icon.spark.executor;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.decoder.DecoderSpec;
import ai.icon.djl.DjlDecoder;
import ai.icon.djl.Precision;
import java.util.Locale;
import java.util.TreeMap;

/**
 * What a checkpoint is, found without loading a weight.
 *
 * @param path its folder, as it was named
 * @param fingerprint of its content
 * @param spec its decoder
 * @param parameters numbers in the tensors that the decoder uses, a tied one counted once
 */
public record ModelSummary(String path, String fingerprint, DecoderSpec spec, long parameters) {
  private static final double MEBIBYTE = 1 << 20;

  /**
   * Opens and checks a checkpoint.
   *
   * @param path a folder of this machine
   * @throws ai.icon.error.UserError if it cannot be used
   */
  public static ModelSummary of(String path) {
    return of(new ModelSource(path, "", new TreeMap<>()));
  }

  /**
   * Opens and checks a checkpoint, fetched if need be.
   *
   * @throws ai.icon.error.UserError if it cannot be used
   * @throws ai.icon.error.ResourceError if it cannot be fetched
   */
  public static ModelSummary of(ModelSource source) {
    Checkpoint checkpoint = Checkpoint.open(source.folder(""));
    DecoderSpec spec = DjlDecoder.spec(checkpoint);
    return new ModelSummary(source.location(), checkpoint.fingerprint(), spec, spec.parameters());
  }

  /** One line for people. */
  public String describe(Precision precision) {
    return String.format(
        Locale.ROOT,
        "%s: %s, %,d parameters, %,.0f MiB in %s, context %,d tokens",
        path,
        spec.family(),
        parameters,
        DjlDecoder.weightBytes(spec, precision) / MEBIBYTE,
        precision.text(),
        spec.contextLength());
  }
}

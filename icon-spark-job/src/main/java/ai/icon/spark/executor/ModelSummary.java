package ai.icon.spark.executor;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.decoder.DecoderSpec;
import ai.icon.decoder.ModelOutline;
import ai.icon.djl.DeviceModel;
import ai.icon.djl.Precision;
import java.util.Locale;
import java.util.TreeMap;

/**
 * What a checkpoint is, found without loading a weight.
 *
 * @param path its folder, as it was named
 * @param fingerprint of its content
 * @param outline its decoder, or what is known of a program
 */
public record ModelSummary(String path, String fingerprint, ModelOutline outline) {
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
    ModelOutline outline = DeviceModel.outline(checkpoint);
    return new ModelSummary(source.location(), checkpoint.fingerprint(), outline);
  }

  /** One line for people. */
  public String describe(Precision precision) {
    double size = DeviceModel.weightBytes(outline, precision) / MEBIBYTE;
    String what =
        outline instanceof DecoderSpec spec
            ? String.format(
                Locale.ROOT,
                "%s, %,d parameters, %,.0f MiB in %s",
                spec.family(),
                spec.parameters(),
                size,
                precision.text())
            : String.format(Locale.ROOT, "a TorchScript program, %,.0f MiB as saved", size);
    return String.format(
        Locale.ROOT, "%s: %s, context %,d tokens", path, what, outline.contextLength());
  }
}

package ai.icon.spark.doctor;

import static java.util.Objects.requireNonNull;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.decoder.DecoderSpec;
import ai.icon.decoder.ModelOutline;
import ai.icon.djl.DeviceModel;
import ai.icon.error.UserError;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.executor.ModelSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The model as the driver sees it.
 *
 * @param path as it was given; empty if none was
 * @param problem why the driver cannot use it, with the cure on a second line; empty if it can
 * @param device the setting: auto, cpu or gpu
 * @param hidden components of a hidden state; 0 if unknown
 * @param weightBytes of all weights in the type that they are held in; 0 if unknown
 * @param passBytes about what one forward pass takes beside them; 0 if unknown
 */
record ModelFacts(
    String path, String problem, String device, int hidden, long weightBytes, long passBytes) {

  /** spark-submit keeps what --archives names under the second key on YARN. */
  private static final List<String> ARCHIVES =
      List.of("spark.archives", "spark.yarn.dist.archives");

  ModelFacts {
    requireNonNull(path, "path");
    requireNonNull(problem, "problem");
    requireNonNull(device, "device");
  }

  /** Reads the checkpoint's headers; no weight. */
  static ModelFacts of(RunConfig config, ModelSource source, SparkSettings spark) {
    String path = config.model().path();
    String device = config.model().device().text();
    if (path.isEmpty()) {
      return new ModelFacts(path, "", device, 0, 0, 0);
    }
    if (isArchived(path, spark)) { // it is there when a session has been opened
      return new ModelFacts(path, "", device, 0, 0, 0);
    }
    try {
      Checkpoint checkpoint = Checkpoint.open(source.folder(""));
      ModelOutline outline = DeviceModel.outline(checkpoint);
      return new ModelFacts(
          path,
          "",
          device,
          outline instanceof DecoderSpec spec ? spec.hidden() : 0,
          DeviceModel.weightBytes(outline, config.model().dtype()),
          passBytes(outline, config.score().batchTokens()));
    } catch (UserError e) {
      return new ModelFacts(path, e.getMessage(), device, 0, 0, 0);
    }
  }

  private static boolean isArchived(String path, SparkSettings spark) {
    return ARCHIVES.stream().anyMatch(spark::has)
        && !path.contains(":")
        && !Path.of(path).isAbsolute()
        && !Files.exists(Path.of(path));
  }

  /**
   * Keys and values of all layers, and what one block holds at once, in 4 bytes a number: an
   * estimate from below, without attention scores and logits. Of a program, its logits.
   */
  private static long passBytes(ModelOutline outline, int tokens) {
    if (!(outline instanceof DecoderSpec spec)) {
      return (long) Float.BYTES * tokens * outline.vocabulary();
    }
    long cached = 2L * spec.layers().size() * spec.attention().keyWidth();
    long block = 8L * spec.hidden() + 3L * spec.widestIntermediate();
    return (long) Float.BYTES * tokens * (cached + block);
  }

  boolean isGiven() {
    return !path.isEmpty();
  }

  boolean isOnCpu() {
    return device.equals("cpu");
  }
}

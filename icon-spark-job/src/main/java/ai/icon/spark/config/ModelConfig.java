package ai.icon.spark.config;

import static java.util.Objects.requireNonNull;

import ai.icon.djl.Precision;
import java.io.Serializable;
import java.util.Map;

/**
 * The model and where it runs.
 *
 * @param path of the checkpoint: a folder, a GGUF file, an id in the hub's cache or a URI; may be
 *     empty where nothing but the selection is asked for
 * @param dtype type of the weights in memory
 * @param device where it runs
 * @param threads threads of one forward pass; 0 for all cores of an executor
 * @param cache each machine's folder for checkpoints that are fetched; empty for one among the
 *     temporary files
 */
public record ModelConfig(String path, Precision dtype, Device device, int threads, String cache)
    implements Serializable {

  private static final String THREADS = "be a whole number from 1, or 0 for all cores";

  /** Where the model runs. */
  public enum Device {
    /** The GPU that Spark assigned to the task, or the processor where it assigned none. */
    AUTO,
    /** The processor, whatever Spark assigned. */
    CPU,
    /** The GPU that Spark assigned; a task without one is refused. */
    GPU;

    /** The name in settings. */
    public String text() {
      return SettingReader.text(this);
    }
  }

  /** Checks every rule. */
  public ModelConfig {
    requireNonNull(path, "path");
    requireNonNull(dtype, "dtype");
    requireNonNull(device, "device");
    requireNonNull(cache, "cache");
    Setting.MODEL_THREADS.check(threads >= 0, THREADS, threads);
  }

  static ModelConfig read(SettingReader reader) {
    return new ModelConfig(
        reader.text(Setting.MODEL_PATH),
        reader.oneOf(Setting.MODEL_DTYPE, Precision.class, Precision::text),
        reader.oneOf(Setting.DEVICE, Device.class),
        reader.whole(Setting.MODEL_THREADS, THREADS),
        reader.text(Setting.MODEL_CACHE));
  }

  void write(Map<Setting, Object> values) {
    values.put(Setting.MODEL_PATH, path);
    values.put(Setting.MODEL_DTYPE, dtype.text());
    values.put(Setting.DEVICE, device.text());
    values.put(Setting.MODEL_THREADS, Integer.toString(threads));
    values.put(Setting.MODEL_CACHE, cache);
  }
}

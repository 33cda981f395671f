package ai.icon.djl;

import static java.util.Objects.requireNonNull;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.icon.error.ResourceError;

/**
 * libtorch as it runs in this JVM.
 *
 * @param version of libtorch
 * @param cudaDevices GPUs that it can compute on; 0 for natives without CUDA, whatever the machine
 */
public record TorchRuntime(String version, int cudaDevices) {
  /** Checks that a version is given. */
  public TorchRuntime {
    requireNonNull(version, "version");
  }

  /**
   * Loads libtorch, which unpacks it where that was not done before: seconds the first time.
   *
   * @throws ResourceError if it cannot be loaded
   */
  public static TorchRuntime load() {
    try {
      Engine engine = Engine.getEngine("PyTorch");
      boolean hasCuda = engine.hasCapability(StandardCapabilities.CUDA);
      return new TorchRuntime(engine.getVersion(), hasCuda ? engine.getGpuCount() : 0);
    } catch (EngineException | LinkageError e) {
      throw new ResourceError(
          "Cannot load libtorch: " + e,
          "Make the folder of natives (DJL_CACHE_DIR, or .djl.ai in the home folder) writable, and"
              + " use natives that are built for this machine.",
          e);
    }
  }
}

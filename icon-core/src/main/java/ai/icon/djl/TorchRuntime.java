package ai.icon.djl;

import static java.util.Objects.requireNonNull;

import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;

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
   * @throws ai.icon.error.ResourceError if it cannot be loaded
   */
  public static TorchRuntime load() {
    Engine engine = NativeRuntime.torch();
    boolean hasCuda = engine.hasCapability(StandardCapabilities.CUDA);
    return new TorchRuntime(engine.getVersion(), hasCuda ? engine.getGpuCount() : 0);
  }
}

package ai.icon.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.Utils;
import ai.icon.error.ResourceError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The native libraries of this process: unpacked from the jar at the first use on a machine, loaded
 * at the first use in a process, and never fetched from anywhere.
 */
public final class NativeRuntime {
  private static final String TORCH = "PyTorch";
  private static final String CACHE = "DJL_CACHE_DIR";

  private NativeRuntime() {}

  /**
   * Where the native libraries are unpacked: DJL_CACHE_DIR, else {@code .djl.ai} in the user's home
   * or, where that cannot be written, {@code icon-natives-USER} among the temporary files.
   */
  public static Path cache() {
    stayHere();
    return Utils.getEngineCacheDir().toAbsolutePath();
  }

  /**
   * Why this process cannot compute on a GPU, if it cannot: asks libtorch itself, with a tensor of
   * one number on that device.
   *
   * @param index the device as CUDA numbers it, from 0
   * @throws ResourceError if libtorch cannot be loaded
   */
  public static Optional<String> refusalOfGpu(int index) {
    Engine engine = torch();
    if (!engine.hasCapability(StandardCapabilities.CUDA)) {
      return Optional.of("libtorch " + engine.getVersion() + " of this process sees no CUDA");
    }
    try (NDManager manager = engine.newBaseManager(Device.gpu(index))) {
      manager.ones(new Shape(1)).toFloatArray();
      return Optional.empty();
    } catch (EngineException e) {
      String message = String.valueOf(e.getMessage());
      return Optional.of(message.lines().findFirst().orElse(message));
    }
  }

  /** libtorch, loaded. */
  static Engine torch() {
    return loaded("libtorch", () -> Engine.getEngine(TORCH));
  }

  /** Loads the tokenizers' library. */
  static void tokenizers() {
    loaded(
        "the tokenizers' library",
        () -> {
          LibUtils.checkStatus();
          return true;
        });
  }

  private static <T> T loaded(String what, NodeLock.Work<T> loading) {
    // DJL unpacks into the folder that it then loads every file of: a second process must not look
    // into it meanwhile.
    try {
      return NodeLock.holding(lock(), loading);
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new ResourceError(
          "Cannot load " + what + ", unpacked into " + cache() + ": " + reason(e),
          "It takes about 500 MB there, once a machine; name a folder that can be written with"
              + " DJL_CACHE_DIR (on a cluster --conf spark.executorEnv.DJL_CACHE_DIR=FOLDER).",
          e);
    }
  }

  /**
   * Settings of the engine that a user may give and an executor's JVM is started without: look for
   * nothing on the net, report nothing, and where there is no home, share no folder with others.
   */
  private static void stayHere() {
    setIfUnset("ai.djl.offline", "true");
    setIfUnset("OPT_OUT_TRACKING", "true");
    boolean isNamed = System.getenv(CACHE) != null || System.getProperty(CACHE) != null;
    if (!isNamed && !Files.isWritable(Path.of(System.getProperty("user.home", "")))) {
      String user = System.getProperty("user.name", "unknown");
      Path own = Path.of(System.getProperty("java.io.tmpdir"), "icon-natives-" + user);
      System.setProperty(CACHE, own.toString());
    }
  }

  private static void setIfUnset(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  private static Path lock() throws IOException {
    Path folder = cache();
    Files.createDirectories(folder);
    if (!Files.isWritable(folder)) {
      throw new IOException("the folder cannot be written");
    }
    return folder.resolve("icon.lock");
  }

  private static String reason(Throwable thrown) {
    Throwable deepest = thrown;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getClass().getSimpleName() + ": " + deepest.getMessage();
  }
}

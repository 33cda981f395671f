package ai.icon.djl;

import static java.util.Objects.requireNonNull;

import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The libtorch that this JVM would load, looked up without loading it.
 *
 * @param version such as {@code 2.7.1-20250812}, or {@code given} where a folder is named by
 *     PYTORCH_LIBRARY_PATH
 * @param flavour {@code cpu} or a CUDA version such as {@code cu124}
 * @param folder where its files are unpacked to, or lie already
 * @param missingBytes what must still be unpacked there; 0 if it is there
 */
public record TorchNatives(String version, String flavour, String folder, long missingBytes) {
  private static final String ENGINE = "pytorch";
  private static final String GIVEN = "given";
  private static final String GIVEN_FOLDER = "PYTORCH_LIBRARY_PATH";

  /** Checks that every part is given. */
  public TorchNatives {
    requireNonNull(version, "version");
    requireNonNull(flavour, "flavour");
    requireNonNull(folder, "folder");
  }

  /**
   * Looks in the order in which the engine does: a folder that the environment names, then the
   * class path.
   *
   * @throws IllegalStateException if the class path holds natives of another engine version
   */
  public static TorchNatives find() {
    String given = Utils.getEnvOrSystemProperty(GIVEN_FOLDER, "");
    if (!given.isEmpty()) {
      String flavour = Utils.getEnvOrSystemProperty("PYTORCH_FLAVOR", GIVEN);
      return new TorchNatives(GIVEN, flavour, given, 0);
    }
    Platform platform = Platform.detectPlatform(ENGINE);
    Path folder =
        Utils.getEngineCacheDir(ENGINE)
            .resolve(
                platform.getVersion() + "-" + platform.getFlavor() + "-" + platform.getClassifier())
            .toAbsolutePath();
    boolean isUnpacked = Files.exists(folder.resolve(System.mapLibraryName("torch")));
    return new TorchNatives(
        platform.getVersion(),
        platform.getFlavor(),
        folder.toString(),
        isUnpacked ? 0 : bytes(platform));
  }

  private static long bytes(Platform platform) {
    String place = "/" + ENGINE + "/" + platform.getFlavor() + "/" + platform.getClassifier() + "/";
    long bytes = 0;
    for (String library : platform.getLibraries()) {
      URL found = TorchNatives.class.getResource(place + library);
      bytes += found == null ? 0 : bytes(found);
    }
    return bytes;
  }

  private static long bytes(URL file) {
    try {
      URLConnection connection = file.openConnection();
      return connection instanceof JarURLConnection jar
          ? jar.getJarEntry().getSize()
          : connection.getContentLengthLong();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the size of " + file, e);
    }
  }
}

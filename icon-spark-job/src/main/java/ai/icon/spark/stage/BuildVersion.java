package ai.icon.spark.stage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version that the build wrote down. */
final class BuildVersion {
  private BuildVersion() {}

  /** The version, the same whether classes run from their jar or without it. */
  static String version() {
    try (InputStream in = BuildVersion.class.getResourceAsStream("/icon/build.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read icon/build.properties", e);
    }
  }
}

package ai.icon.spark.submit;

import ai.icon.error.UserError;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** A file of Spark's settings, as {@code --properties-file} names one. */
public final class SparkProperties {
  private SparkProperties() {}

  /**
   * The settings of a file, key to value.
   *
   * @throws UserError if it cannot be read
   */
  public static SortedMap<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new UserError(
          "Cannot read the Spark settings of " + file + ": " + e.getMessage(),
          "Check --properties-file; conf/spark-cpu.conf shows its form.",
          e);
    }
    SortedMap<String, String> settings = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      settings.put(name, properties.getProperty(name).strip());
    }
    return settings;
  }
}

package ai.icon.spark.submit;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The settings that Spark will see for a command line: options over {@code --conf}, over those of
 * {@code --config} files, over {@code --properties-file} or, without one, {@code
 * spark-defaults.conf}.
 *
 * @param said on the command line and in {@code --config} files, key to value
 * @param read from the file of properties, key to value
 */
record GivenSettings(SortedMap<String, String> said, SortedMap<String, String> read) {
  GivenSettings {
    said = Collections.unmodifiableSortedMap(new TreeMap<>(said));
    read = Collections.unmodifiableSortedMap(new TreeMap<>(read));
  }

  /**
   * Collects the settings of a command line.
   *
   * @param configured those of {@code --config} files
   * @param defaults Spark's own file, which need not exist
   */
  static GivenSettings of(SplitArguments arguments, Map<String, String> configured, Path defaults) {
    SortedMap<String, String> said = new TreeMap<>(configured);
    said.putAll(arguments.conf());
    arguments
        .spark()
        .forEach(
            (option, value) -> {
              if (!option.key().isEmpty()) {
                said.put(option.key(), value);
              }
            });
    String file = arguments.spark().getOrDefault(SparkOption.PROPERTIES_FILE, "");
    if (file.isEmpty()) {
      boolean exists = Files.isRegularFile(requireNonNull(defaults, "defaults"));
      return new GivenSettings(said, exists ? properties(defaults) : new TreeMap<>());
    }
    return new GivenSettings(said, properties(Path.of(file)));
  }

  private static SortedMap<String, String> properties(Path file) {
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

  /** A setting, or another value where it is not set. */
  String of(String key, String otherwise) {
    return said.getOrDefault(key, read.getOrDefault(key, otherwise));
  }

  boolean has(String key) {
    return said.containsKey(key) || read.containsKey(key);
  }
}

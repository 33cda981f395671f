package ai.icon.spark.submit;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
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
      return new GivenSettings(said, exists ? SparkProperties.read(defaults) : new TreeMap<>());
    }
    return new GivenSettings(said, SparkProperties.read(Path.of(file)));
  }

  /** A setting, or another value where it is not set. */
  String of(String key, String otherwise) {
    return said.getOrDefault(key, read.getOrDefault(key, otherwise));
  }

  boolean has(String key) {
    return said.containsKey(key) || read.containsKey(key);
  }
}

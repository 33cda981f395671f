package ai.icon.spark.submit;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The file of settings that spark-submit is given. Those of {@code --config} files may hold secrets
 * and belong into a file as well; as spark-submit reads a single one, that holds the user's too.
 *
 * @param path of the file; empty for spark-submit's own
 * @param properties what it must be filled with; empty if it is the user's
 * @param conf what goes onto the command line nevertheless, key to value
 */
record SparkFile(
    String path, SortedMap<String, String> properties, SortedMap<String, String> conf) {
  SparkFile {
    properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
    conf = Collections.unmodifiableSortedMap(new TreeMap<>(conf));
  }

  /**
   * Decides what goes where.
   *
   * @param hasSpark whether the spark-submit of a Spark is called, which has a file of its own
   */
  static SparkFile of(
      SplitArguments split,
      ConfigFiles configured,
      GivenSettings settings,
      boolean hasSpark,
      SubmitPlace place) {
    String users = split.spark().getOrDefault(SparkOption.PROPERTIES_FILE, "");
    if (configured.spark().isEmpty()) {
      return new SparkFile(users, new TreeMap<>(), split.conf());
    }
    // Ours would stand in for the file of a spark-submit on the PATH, of which we know nothing.
    boolean isKnown = !hasSpark || !users.isEmpty() || !place.sparkDefaults().toString().isEmpty();
    if (isKnown) {
      SortedMap<String, String> under = new TreeMap<>(settings.read());
      under.putAll(configured.spark());
      return new SparkFile(place.properties().toString(), under, split.conf());
    }
    SortedMap<String, String> conf = new TreeMap<>(configured.spark());
    conf.putAll(split.conf());
    return new SparkFile(users, new TreeMap<>(), conf);
  }
}

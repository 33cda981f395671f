package ai.icon.spark.submit;

import ai.icon.error.UserError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A command line of {@code submit/icon}, split by the names of its options.
 *
 * @param spark Spark's options but {@code --conf}
 * @param conf what {@code --conf} gave, key to value
 * @param job everything else, in its order: the command and its options
 */
record SplitArguments(
    Map<SparkOption, String> spark, SortedMap<String, String> conf, List<String> job) {
  SplitArguments {
    spark = Collections.unmodifiableMap(new EnumMap<>(spark));
    conf = Collections.unmodifiableSortedMap(new TreeMap<>(conf));
    job = List.copyOf(job);
  }

  /**
   * Splits words.
   *
   * @throws UserError if an option of Spark has no value, or is given twice
   */
  static SplitArguments of(List<String> words) {
    Map<SparkOption, String> spark = new EnumMap<>(SparkOption.class);
    SortedMap<String, String> conf = new TreeMap<>();
    List<String> job = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      SparkOption option = SparkOption.of(word).orElse(null);
      if (option == null) {
        job.add(word);
        continue;
      }
      String value = value(option, word, i + 1 < words.size() ? words.get(i + 1) : "");
      if (!word.contains("=")) {
        i++;
      }
      if (option == SparkOption.CONF) {
        String[] pair = pair(value);
        conf.put(pair[0], pair[1]);
      } else if (spark.put(option, value) != null) {
        throw new UserError(
            "Invalid option " + option.option() + ": must be given once, got it more often",
            "Leave one of them.");
      }
    }
    return new SplitArguments(spark, conf, job);
  }

  private static String value(SparkOption option, String word, String next) {
    String value = word.contains("=") ? word.substring(word.indexOf('=') + 1) : next;
    boolean isMissing = value.isBlank() || (!word.contains("=") && value.startsWith("--"));
    if (isMissing) {
      throw new UserError(
          "Invalid option " + option.option() + ": must have a value, got nothing",
          "Give " + option.option() + " " + option.label() + ".");
    }
    return value;
  }

  private static String[] pair(String setting) {
    int at = setting.indexOf('=');
    if (at < 1) {
      throw new UserError(
          "Invalid option --conf: must be key=value, got " + setting,
          "Give it as --conf spark.local.dir=/scratch.");
    }
    return new String[] {setting.substring(0, at), setting.substring(at + 1)};
  }
}

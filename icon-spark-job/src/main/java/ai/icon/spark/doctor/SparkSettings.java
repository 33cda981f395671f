package ai.icon.spark.doctor;

import ai.icon.error.UserError;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spark's settings as the session will see them, read by type.
 *
 * @param values key to text
 */
record SparkSettings(SortedMap<String, String> values) {
  private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*([bkmgtp]?)b?");
  private static final String UNITS = "bkmgtp";

  SparkSettings {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** Those of spark-submit (system properties) with a session's own and the user's over them. */
  static SparkSettings over(Map<String, String> own) {
    SortedMap<String, String> all = new TreeMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith("spark.")) {
        all.put(name, System.getProperty(name));
      }
    }
    all.putAll(own);
    return new SparkSettings(all);
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  String text(String key, String standard) {
    return values.getOrDefault(key, standard).strip();
  }

  boolean isTrue(String key, boolean standard) {
    return Boolean.parseBoolean(text(key, Boolean.toString(standard)));
  }

  int whole(String key, int standard) {
    return read(key, Integer.toString(standard), "a whole number", Integer::parseInt);
  }

  double number(String key, double standard) {
    return read(key, Double.toString(standard), "a number", Double::parseDouble);
  }

  /**
   * A size in bytes.
   *
   * @param unit of a number that names none: b, k, m or g
   */
  long bytes(String key, String standard, char unit) {
    return read(key, standard, "a size such as 4g", text -> bytes(text, unit));
  }

  private static long bytes(String text, char unit) {
    Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw new NumberFormatException(text);
    }
    char given = size.group(2).isEmpty() ? unit : size.group(2).charAt(0);
    return Math.multiplyExact(Long.parseLong(size.group(1)), 1L << (10 * UNITS.indexOf(given)));
  }

  private <T> T read(String key, String standard, String rule, Function<String, T> parser) {
    String text = text(key, standard);
    try {
      return parser.apply(text);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new UserError(
          "Invalid Spark setting " + key + ": must be " + rule + ", got " + text,
          "Mend it in --conf, spark-submit or spark-defaults.conf.",
          e);
    }
  }
}

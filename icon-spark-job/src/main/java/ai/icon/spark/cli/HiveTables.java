package ai.icon.spark.cli;

import ai.icon.error.UserError;
import java.util.SortedMap;
import org.apache.spark.SparkConf;

/**
 * Hive's tables are seen where {@code spark.sql.catalogImplementation=hive} asks for them, by
 * {@code --conf} or in spark-defaults.conf; Spark would fail late and obscurely where it has no
 * Hive.
 */
final class HiveTables {
  private static final String KEY = "spark.sql.catalogImplementation";
  private static final String NEEDED = "org.apache.spark.sql.hive.HiveSessionStateBuilder";

  private HiveTables() {}

  /**
   * Checks that what is asked for is there.
   *
   * @param settings what the command line sets for Spark; the rest comes from the process
   * @throws UserError if Hive is asked for and Spark has no classes for it
   */
  static void check(SortedMap<String, String> settings) {
    String catalogue = settings.getOrDefault(KEY, new SparkConf().get(KEY, "in-memory"));
    if (catalogue.equals("hive") && !isThere()) {
      throw new UserError(
          "Cannot open Hive's catalogue as "
              + KEY
              + " asks: this Spark has no Hive in its jars ("
              + NEEDED
              + " is missing).",
          "Submit to a Spark that has it, with spark-submit or submit/icon --master, or take the"
              + " setting away.");
    }
  }

  private static boolean isThere() {
    try {
      Class.forName(NEEDED, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}

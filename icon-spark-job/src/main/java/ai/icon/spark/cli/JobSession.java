package ai.icon.spark.cli;

import ai.icon.spark.config.JobOptions;
import ai.icon.spark.progress.ProgressPlugin;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** The Spark session of one command. */
final class JobSession {
  private static final String NAME = "spark.app.name";
  private static final String PLUGINS = "spark.plugins";

  private JobSession() {}

  /**
   * Opens a session. What the user set, here or with spark-submit, wins over what icon would set.
   *
   * @param command that asks for it
   * @param run its folder
   */
  static SparkSession open(String command, String run, JobOptions options) {
    SparkConf given = new SparkConf();
    SparkSession.Builder builder =
        SparkSession.builder()
            .master(options.master())
            // Two columns of a pool may differ in case alone.
            .config("spark.sql.caseSensitive", "true")
            .config(NAME, name(command, run, given))
            .config(PLUGINS, plugins(given));
    ours(options.master())
        .forEach(
            (key, value) -> {
              if (!given.contains(key)) {
                builder.config(key, value);
              }
            });
    options.sparkSettings().forEach(builder::config);
    return builder.getOrCreate();
  }

  private static Map<String, String> ours(String master) {
    Map<String, String> ours = new TreeMap<>();
    ours.put("spark.ui.showConsoleProgress", "false");
    boolean isInOneProcess = master.startsWith("local") && !master.startsWith("local-cluster");
    if (isInOneProcess) {
      ours.put("spark.ui.enabled", "false");
      // Small tables in one process: 200 shuffle partitions would be 200 tiny tasks.
      ours.put("spark.sql.shuffle.partitions", "8");
    }
    return ours;
  }

  /** spark-submit names an application after its class where nobody named it. */
  private static String name(String command, String run, SparkConf given) {
    String name = given.get(NAME, "");
    boolean isNamed = !name.isEmpty() && !name.equals(IconJob.class.getName());
    return isNamed ? name : "icon " + command + " " + run.substring(run.lastIndexOf('/') + 1);
  }

  private static String plugins(SparkConf given) {
    String others = given.get(PLUGINS, "");
    return others.isEmpty()
        ? ProgressPlugin.class.getName()
        : others + "," + ProgressPlugin.class.getName();
  }
}

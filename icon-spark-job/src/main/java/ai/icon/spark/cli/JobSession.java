package ai.icon.spark.cli;

import ai.icon.spark.config.JobOptions;
import ai.icon.spark.executor.ModelPlugin;
import ai.icon.spark.progress.ProgressPlugin;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.SparkConf;

/** The settings of the Spark session of one command. */
final class JobSession {
  private static final String NAME = "spark.app.name";
  private static final String PLUGINS = "spark.plugins";

  private JobSession() {}

  /**
   * What a session is opened with, but the master. What the user set, here or with spark-submit,
   * wins over what icon would set.
   *
   * @param command that asks for it
   * @param run its folder
   */
  static Map<String, String> settings(String command, String run, JobOptions options) {
    HiveTables.check(options.sparkSettings());
    SparkConf given = new SparkConf();
    Map<String, String> settings = new TreeMap<>();
    // Two columns of a pool may differ in case alone.
    settings.put("spark.sql.caseSensitive", "true");
    settings.put(NAME, name(command, run, given));
    settings.put(PLUGINS, plugins(given));
    ours(options.master())
        .forEach(
            (key, value) -> {
              if (!given.contains(key)) {
                settings.put(key, value);
              }
            });
    settings.putAll(options.sparkSettings());
    return settings;
  }

  private static Map<String, String> ours(String master) {
    Map<String, String> ours = new TreeMap<>();
    ours.put("spark.ui.showConsoleProgress", "false");
    // Discovery scripts print the numbers of nvidia-smi; CUDA's own order may be another.
    ours.put("spark.executorEnv.CUDA_DEVICE_ORDER", "PCI_BUS_ID");
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
    return isNamed
        ? name
        : ("icon " + command + " " + run.substring(run.lastIndexOf('/') + 1)).strip();
  }

  private static String plugins(SparkConf given) {
    Set<String> plugins = new LinkedHashSet<>();
    if (given.contains(PLUGINS)) {
      plugins.addAll(List.of(given.get(PLUGINS).split(",", -1)));
    }
    plugins.add(ProgressPlugin.class.getName());
    plugins.add(ModelPlugin.class.getName());
    return String.join(",", plugins);
  }
}

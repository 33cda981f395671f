package ai.icon.spark.cli;

import ai.icon.error.UserError;
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
  private static final String CASE_SENSITIVE = "spark.sql.caseSensitive";

  private JobSession() {}

  /**
   * What a session is opened with, but the master. What the user set, here or with spark-submit,
   * wins over what icon would set; icon's plugins stand beside the user's.
   *
   * @param command that asks for it
   * @param run its folder
   * @throws UserError if the user set what no run can do with
   */
  static Map<String, String> settings(String command, String run, JobOptions options) {
    HiveTables.check(options.sparkSettings());
    SparkConf given = new SparkConf();
    Map<String, String> settings = new TreeMap<>();
    settings.put(NAME, name(command, run, given));
    ours(options.master())
        .forEach(
            (key, value) -> {
              if (!given.contains(key)) {
                settings.put(key, value);
              }
            });
    settings.putAll(options.sparkSettings());
    settings.put(PLUGINS, plugins(settings.getOrDefault(PLUGINS, given.get(PLUGINS, ""))));
    requireCase(settings.getOrDefault(CASE_SENSITIVE, given.get(CASE_SENSITIVE, "true")));
    return settings;
  }

  private static void requireCase(String sensitive) {
    if (!Boolean.parseBoolean(sensitive.strip())) {
      throw new UserError(
          "Cannot run with "
              + CASE_SENSITIVE
              + "="
              + sensitive
              + ": two columns of a pool may differ in case alone.",
          "Leave it out, or add --conf " + CASE_SENSITIVE + "=true.");
    }
  }

  private static Map<String, String> ours(String master) {
    Map<String, String> ours = new TreeMap<>();
    ours.put(CASE_SENSITIVE, "true");
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

  private static String plugins(String given) {
    Set<String> plugins = new LinkedHashSet<>();
    if (!given.isBlank()) {
      plugins.addAll(List.of(given.strip().split("\\s*,\\s*", -1)));
    }
    plugins.add(ProgressPlugin.class.getName());
    plugins.add(ModelPlugin.class.getName());
    return String.join(",", plugins);
  }
}

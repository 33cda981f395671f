package ai.icon.spark.cli;

import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Where a benchmark runs, and that it has the model that it needs. */
final class BenchMixin {
  private static final String SPARK_MASTER = "spark.master";
  private static final String ALL_CORES = "local[*]";

  @Option(
      names = "--master",
      paramLabel = "<url>",
      description = "Spark master. Without it the one of spark-submit, or local[*].")
  private String master = "";

  @Option(
      names = "--conf",
      paramLabel = "<key=value>",
      description = "A Spark setting, such as spark.local.dir=/scratch. May be repeated.")
  private Map<String, String> sparkSettings = new TreeMap<>();

  @Option(
      names = "--work",
      paramLabel = "<folder>",
      description = "Where the data of the benchmark is made, and removed behind it.")
  private Path work = Path.of(System.getProperty("java.io.tmpdir"));

  JobOptions options() {
    String wanted = master.isBlank() ? System.getProperty(SPARK_MASTER, ALL_CORES) : master;
    return JobOptions.of(wanted, sparkSettings);
  }

  /**
   * The settings of a benchmark that runs a model.
   *
   * @throws ai.icon.error.UserError if none is named
   */
  static RunConfig withModel(SettingLayers layers) {
    RunConfig config = RunConfig.load(layers);
    if (config.model().path().isEmpty()) {
      throw Setting.MODEL_PATH.invalid("name a checkpoint", "nothing");
    }
    return config;
  }

  Path work() {
    return work;
  }
}

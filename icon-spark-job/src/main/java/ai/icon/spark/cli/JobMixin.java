package ai.icon.spark.cli;

import ai.icon.error.UserError;
import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.Nearest;
import ai.icon.spark.run.StageName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Options that say how a job runs and change no result. */
final class JobMixin {
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
      names = "--redo",
      paramLabel = "<stage>",
      description =
          "Run this stage and all after it again although they are complete. May be repeated.")
  private List<String> redo = List.of();

  @Option(names = "--dry-run", description = "Check the settings, print the plan and stop.")
  private boolean dryRun;

  JobOptions options(boolean verbose) {
    String wanted = master.isBlank() ? System.getProperty(SPARK_MASTER, ALL_CORES) : master;
    List<StageName> stages = redo.stream().map(JobMixin::stage).toList();
    return new JobOptions(wanted, new TreeMap<>(sparkSettings), stages, dryRun, verbose);
  }

  private static StageName stage(String text) {
    return stage("--redo", text);
  }

  /** The stage that an option names. */
  static StageName stage(String option, String text) {
    return Arrays.stream(StageName.values())
        .filter(stage -> stage.text().equals(text))
        .findFirst()
        .orElseThrow(() -> unknown(option, text));
  }

  private static UserError unknown(String option, String text) {
    List<String> known = Arrays.stream(StageName.values()).map(StageName::text).toList();
    return new UserError(
        "Invalid option " + option + ": must be one of " + StageName.texts() + ", got " + text,
        "Did you mean " + option + " " + Nearest.to(text, known) + "?");
  }
}

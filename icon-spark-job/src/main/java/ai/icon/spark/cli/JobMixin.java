package ai.icon.spark.cli;

import ai.icon.error.UserError;
import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.Nearest;
import ai.icon.spark.run.StageName;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options that say how a job runs and change no result. */
final class JobMixin {
  @Option(
      names = "--redo",
      paramLabel = "<stage>",
      description =
          "Run this stage and all after it again although they are complete. May be repeated.")
  private List<String> redo = List.of();

  @Option(
      names = "--reweigh",
      description =
          "Where a run was scored under other --group-weights and nothing else differs: weigh its"
              + " stored pairs anew and run all stages after them again. No pair is scored again.")
  private boolean reweigh;

  @Option(names = "--dry-run", description = "Check the settings, print the plan and stop.")
  private boolean dryRun;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * The options that were given.
   *
   * @param configured Spark settings of the --config files
   */
  JobOptions options(SortedMap<String, String> configured, boolean verbose) {
    SparkOptions spark = SparkOptions.given(command.commandLine().getParseResult(), configured);
    List<StageName> stages = redo.stream().map(JobMixin::stage).toList();
    return new JobOptions(spark.master(), spark.settings(), stages, reweigh, dryRun, verbose);
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

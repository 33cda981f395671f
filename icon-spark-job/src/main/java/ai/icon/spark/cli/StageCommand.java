package ai.icon.spark.cli;

import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.SettingLayers;
import ai.icon.spark.run.StageName;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Mixin;

/** A command that runs stages of a run folder. */
abstract class StageCommand extends IconCommand {
  @Mixin private JobMixin job;

  StageCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  /** The stages it runs, in order. */
  abstract List<StageName> stages();

  @Override
  final void execute() {
    JobOptions options = job.options(sparkSettings(), verbose());
    try {
      execute(options);
    } catch (Exception | Error e) { // Spark's own are checked, but not declared.
      commands().refused(outFolder(), options, e);
      throw e;
    }
  }

  private void execute(JobOptions options) {
    List<StageName> stages = stages();
    RunConfig config = RunConfig.load(given(stored(options))).requireFor(stages);
    String written = commands().run(config, options, stages, out());
    if (stages.contains(StageName.SELECT) && !options.dryRun()) {
      out().println(written);
    }
  }

  private SettingLayers stored(JobOptions options) {
    SettingLayers defaults = SettingLayers.defaults();
    return commands()
        .storedSettings(outFolder(), options.sparkSettings())
        .map(defaults::stored)
        .orElse(defaults);
  }
}

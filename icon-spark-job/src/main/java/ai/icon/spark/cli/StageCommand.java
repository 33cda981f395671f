package ai.icon.spark.cli;

import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.SettingLayers;
import ai.icon.spark.run.StageName;
import java.io.PrintStream;
import java.nio.file.Path;
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
    List<StageName> stages = stages();
    JobOptions options = job.options(sparkSettings(), verbose());
    RunConfig config = RunConfig.load(given(stored())).requireFor(stages);
    Path written = commands().run(config, options, stages, out());
    if (stages.contains(StageName.SELECT) && !options.dryRun()) {
      out().println(written);
    }
  }

  private SettingLayers stored() {
    SettingLayers defaults = SettingLayers.defaults();
    return commands().storedSettings(Path.of(outFolder())).map(defaults::stored).orElse(defaults);
  }
}

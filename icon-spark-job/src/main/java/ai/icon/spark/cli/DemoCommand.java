package ai.icon.spark.cli;

import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import java.io.PrintStream;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the built-in example. */
@Command(
    name = "demo",
    header = "Run the built-in example, which needs nothing but this repository.",
    description = {
      "",
      "Runs all stages on a pool of 400 samples whose worth is known, with a tiny model, and prints",
      "how many of the selected ones were planted as helpful, beside the same figure for a random",
      "and a longest-first selection. Takes less than two minutes on two cores once icon is built.",
      "",
      "Input:",
      "  None: model, pool and assessed examples are part of the repository.",
      "",
      "Output:",
      "  A run folder, runs/demo below the current folder if --out names no other. The last line of",
      "  standard output is the path of the selection."
    },
    footer = {"", "Example:", "  icon demo"})
final class DemoCommand extends IconCommand {
  private static final String FOLDER = "runs/demo";

  @Mixin private JobMixin job;

  DemoCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Set.of(Setting.RUN_OUT);
  }

  @Override
  void execute() {
    String named = given(SettingLayers.defaults()).text(Setting.RUN_OUT);
    String folder = named.isBlank() ? FOLDER : named;
    JobOptions options = job.options(sparkSettings(), verbose());
    String written = commands().demo(folder, options, out());
    if (!options.dryRun()) {
      out().println(written);
    }
  }
}

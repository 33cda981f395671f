package ai.icon.spark.cli;

import ai.icon.spark.config.Setting;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.Command;

/** Shows how far a run is. */
@Command(
    name = "status",
    header = "Show how far a run is.",
    description = {
      "",
      "Prints the stages of a run with their state and, while it scores, how many shards are done.",
      "Starts no Spark and changes nothing.",
      "",
      "Input:",
      "  The run folder OUT.",
      "",
      "Output:",
      "  A table on standard output."
    },
    footer = {"", "Example:", "  icon status --out runs/first"})
final class StatusCommand extends IconCommand {
  StatusCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Set.of(Setting.RUN_OUT);
  }

  @Override
  void execute() {
    commands().status(Path.of(outFolder()), out());
  }
}

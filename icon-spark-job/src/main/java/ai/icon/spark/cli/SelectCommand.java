package ai.icon.spark.cli;

import ai.icon.spark.config.Setting;
import ai.icon.spark.run.StageName;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** Cuts the ranking. */
@Command(
    name = "select",
    header = "Cut the ranking at a budget.",
    description = {
      "",
      "Takes the best samples of the ranking up to a share, a number of samples or of tokens.",
      "",
      "Input:",
      "  The pool and the ranking of OUT; no model.",
      "",
      "Output:",
      "  OUT/selection (Parquet), OUT/manifest.json. The last line of standard output is the path of",
      "  the selection."
    },
    footer = {"", "Example:", "  icon select --budget 15%% --out runs/first"})
final class SelectCommand extends StageCommand {
  SelectCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Setting.of("selection", "tables", "run");
  }

  @Override
  List<StageName> stages() {
    return List.of(StageName.SELECT);
  }
}

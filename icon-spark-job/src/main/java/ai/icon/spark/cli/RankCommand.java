package ai.icon.spark.cli;

import ai.icon.spark.config.Setting;
import ai.icon.spark.run.StageName;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** Ranks the pool. */
@Command(
    name = "rank",
    header = "Rank the whole pool.",
    description = {
      "",
      "Gives every sample of the pool a score, measured and predicted contribution weighed, and a",
      "position.",
      "",
      "Input:",
      "  The pool, the contributions and the selector of OUT.",
      "  --model: a checkpoint, unless OUT names it.",
      "",
      "Output:",
      "  OUT/ranking (Parquet)."
    },
    footer = {"", "Example:", "  icon rank --rank-by expected --out runs/first"})
final class RankCommand extends StageCommand {
  RankCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Setting.of("model", "prompt", "selector", "rank", "run");
  }

  @Override
  List<StageName> stages() {
    return List.of(StageName.RANK);
  }
}

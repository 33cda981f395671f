package ai.icon.spark.cli;

import ai.icon.spark.config.Setting;
import ai.icon.spark.run.StageName;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** Scores candidates in context. */
@Command(
    name = "score",
    header = "Score candidates in context: what each contributes to the assessed examples.",
    description = {
      "",
      "Measures the loss of every assessed example alone, behind each candidate and behind a",
      "control text of equal length. A run that was killed goes on behind its last finished shard.",
      "Other --group-weights with --reweigh weigh the pairs that are there: none is scored again.",
      "",
      "Input:",
      "  The pool and the assessment set of OUT; --model: a checkpoint.",
      "",
      "Output:",
      "  OUT/baseline, OUT/control, OUT/pairs and OUT/contributions (Parquet)."
    },
    footer = {
      "",
      "Example:",
      "  icon score --model models/SmolLM2-135M-Instruct --candidates 200 --out runs/first"
    })
final class ScoreCommand extends StageCommand {
  ScoreCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Setting.of("model", "prompt", "score", "tables", "run");
  }

  @Override
  List<StageName> stages() {
    return List.of(StageName.SCORE);
  }
}

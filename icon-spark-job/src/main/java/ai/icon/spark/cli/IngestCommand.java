package ai.icon.spark.cli;

import ai.icon.spark.config.Setting;
import ai.icon.spark.run.StageName;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** Reads the pool. */
@Command(
    name = "ingest",
    header = "Read samples into the pool.",
    description = {
      "",
      "Reads samples, recognises their shape, names each by its content, collapses duplicates and",
      "sets aside every row that cannot be used, with the reason. The pool itself is written by",
      "icon assess, which takes the assessed examples out.",
      "",
      "Input:",
      "  --pool: JSON arrays, JSON lines (also .gz), Parquet, or table:NAME for a Spark table; shapes",
      "  alpaca, sharegpt, messages and prompt-completion.",
      "  --model: a checkpoint, whose tokenizer counts the tokens.",
      "",
      "Output:",
      "  OUT/rejects (Parquet) and, for the stages behind it, OUT/_icon/samples."
    },
    footer = {
      "",
      "Example:",
      "  icon ingest --pool 'data/*.jsonl' --model models/SmolLM2-135M-Instruct --out runs/first"
    })
final class IngestCommand extends StageCommand {
  IngestCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Setting.of("pool", "model", "prompt", "run");
  }

  @Override
  List<StageName> stages() {
    return List.of(StageName.INGEST);
  }
}

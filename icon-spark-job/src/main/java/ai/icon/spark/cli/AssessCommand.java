package ai.icon.spark.cli;

import ai.icon.spark.config.Setting;
import ai.icon.spark.run.StageName;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** Fixes the assessment set. */
@Command(
    name = "assess",
    header = "Fix the examples on which the loss is watched.",
    description = {
      "",
      "Reads the assessment set from a file, or draws it from the ingested samples. What is left of",
      "them is the pool: samples that are in the set are taken out and counted.",
      "",
      "Input:",
      "  --assessment FILE (samples with a group), or the ingested samples with --stratify-by COLUMN or",
      "  --assessment-draw clustered.",
      "  --model: a checkpoint, unless OUT names it.",
      "",
      "Output:",
      "  OUT/assessment and OUT/pool (Parquet)."
    },
    footer = {
      "",
      "Example:",
      "  icon assess --assessment tasks.jsonl --assessment-size 64 --out runs/first"
    })
final class AssessCommand extends StageCommand {
  AssessCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Setting.of("assessment", "model", "prompt", "run");
  }

  @Override
  List<StageName> stages() {
    return List.of(StageName.ASSESS);
  }
}

package ai.icon.spark.cli;

import ai.icon.spark.config.Setting;
import ai.icon.spark.run.StageName;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** Trains the selector. */
@Command(
    name = "train",
    header = "Train the selector on the scored candidates.",
    description = {
      "",
      "Trains a model that predicts a sample's contribution from the sample alone, and reports how",
      "good it is on samples kept out of training, beside a predictor that sees the length only.",
      "",
      "Input:",
      "  The contributions of OUT; --model: a checkpoint, unless OUT names it.",
      "",
      "Output:",
      "  OUT/selector with its report."
    },
    footer = {"", "Example:", "  icon train --selector ngram --out runs/first"})
final class TrainCommand extends StageCommand {
  TrainCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Setting.of("model", "prompt", "selector", "run");
  }

  @Override
  List<StageName> stages() {
    return List.of(StageName.TRAIN);
  }
}

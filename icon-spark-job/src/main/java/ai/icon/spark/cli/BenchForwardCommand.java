package ai.icon.spark.cli;

import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import java.io.PrintStream;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times forward passes beside the machine's ceiling. */
@Command(
    name = "forward",
    header = "Time forward passes of a model beside this machine's ceiling.",
    description = {
      "",
      "Measures a large matrix product (the ceiling) and forward passes of several shapes, with and",
      "without a shared prefix, in the same process, and states the share of the ceiling.",
      "",
      "Input:",
      "  --model: a checkpoint: a folder, a GGUF file, or an id in the cache of Hugging Face.",
      "",
      "Output:",
      "  A table on standard output; its last line is one JSON object with the same figures."
    },
    footer = {
      "",
      "Example:",
      "  icon bench forward --model models/SmolLM2-135M-Instruct --dtype bfloat16"
    })
final class BenchForwardCommand extends IconCommand {
  @Option(
      names = "--seconds",
      paramLabel = "<seconds>",
      description = "How long each figure is measured. Default: 5.")
  private double seconds = 5;

  BenchForwardCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Setting.of("model");
  }

  @Override
  void execute() {
    RunConfig config = BenchMixin.withModel(given(SettingLayers.defaults()));
    commands().bench(config.model(), seconds, out());
  }
}

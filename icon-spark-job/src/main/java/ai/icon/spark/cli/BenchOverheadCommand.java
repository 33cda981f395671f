package ai.icon.spark.cli;

import ai.icon.spark.bench.OverheadBenchmark;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import java.io.PrintStream;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times the scoring stage beside its bare loop. */
@Command(
    name = "overhead",
    header = "Time the scoring stage beside the same loop without Spark.",
    description = {
      "",
      "Scores made candidates in front of made examples by the scoring stage, with plan, tasks,",
      "tables and commits. Every five seconds the method's loop alone has the device for 16 of",
      "them, while the stage stands still: how many the loop would have done in the stage's time",
      "is held against how many the stage did. Stops with exit code 3 where a contribution differs.",
      "",
      "Input:",
      "  --model: a checkpoint: a folder, a GGUF file, or an id in the cache of Hugging Face.",
      "",
      "Output:",
      "  A table on standard output; its last line is one JSON object with the same figures."
    },
    footer = {"", "Example:", "  icon bench overhead --model tools/tiny-icl/model --seconds 600"})
final class BenchOverheadCommand extends IconCommand {
  @Option(
      names = "--seconds",
      paramLabel = "<seconds>",
      description =
          "About how long the loop alone would take; so many candidates are made. Default:"
              + " ${DEFAULT-VALUE}.",
      defaultValue = "60")
  private double seconds;

  @Mixin private BenchMixin bench;

  BenchOverheadCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Setting.of("model");
  }

  @Override
  void execute() {
    SettingLayers layers = given(SettingLayers.defaults());
    BenchMixin.withModel(layers);
    commands().bench(new OverheadBenchmark(layers, seconds), bench.options(), bench.work(), out());
  }
}

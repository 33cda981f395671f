package ai.icon.spark.cli;

import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import ai.icon.spark.doctor.Diagnosis;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what would make a run hang or die. */
@Command(
    name = "doctor",
    header = "Look for what would make a run hang or die, and say the cure.",
    description = {
      "",
      "Takes the options of a run and makes the checks that a run makes before it begins: master,",
      "GPU amounts against cores, memory against weights, Java and Spark, the run folder; then, in"
          + " a",
      "session, what the executors find: the model and its content, GPUs, libtorch, disks. Where a",
      "check refuses, so would the run. Computes nothing and leaves nothing in OUT.",
      "",
      "Input:",
      "  The options of the run in question; none is needed. --redo and --dry-run say nothing"
          + " here.",
      "",
      "Output:",
      "  A table on standard output, a line a check: ok, warning or refused, what was found, and"
          + " the",
      "  cure below it. The exit code is 2 where something is refused."
    },
    footer = {
      "",
      "Example:",
      "  icon doctor --model models/SmolLM2-135M-Instruct --out runs/first --master"
          + " spark://host:7077"
    })
final class DoctorCommand extends IconCommand {
  @Mixin private JobMixin job;

  @Option(names = "--json", description = "Print one JSON object instead of the table.")
  private boolean isJson;

  DoctorCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return EnumSet.allOf(Setting.class);
  }

  @Override
  void execute() {
    SettingLayers defaults = SettingLayers.defaults();
    String folder = given(defaults).text(Setting.RUN_OUT);
    JobOptions options = job.options(sparkSettings(), verbose());
    SettingLayers stored =
        folder.isBlank()
            ? defaults
            : commands()
                .storedSettings(folder, options.sparkSettings())
                .map(defaults::stored)
                .orElse(defaults);
    RunConfig config = RunConfig.load(given(stored));
    Diagnosis diagnosis = commands().doctor(config, options);
    if (isJson) {
      out().println(diagnosis.json());
    } else {
      diagnosis.lines().forEach(out()::println);
    }
    diagnosis.requireNoRefusal();
  }
}

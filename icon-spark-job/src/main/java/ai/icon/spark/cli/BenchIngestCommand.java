package ai.icon.spark.cli;

import ai.icon.spark.bench.IngestBenchmark;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import java.io.PrintStream;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times the ingest of a large pool. */
@Command(
    name = "ingest",
    header = "Time the ingest of a large pool, and see what memory it takes.",
    description = {
      "",
      "Makes JSON lines of short samples, one in fifty a duplicate and one in a thousand unusable,",
      "ingests them and holds the counts against what was made.",
      "",
      "Input:",
      "  --model: a checkpoint, whose tokenizer counts the tokens. The heap is that of the",
      "  process: ICON_DRIVER_MEMORY=600m icon bench ingest.",
      "",
      "Output:",
      "  A table on standard output; its last line is one JSON object with the same figures."
    },
    footer = {
      "",
      "Example:",
      "  ICON_DRIVER_MEMORY=600m icon bench ingest --model tools/tiny-icl/model --rows 5000000"
    })
final class BenchIngestCommand extends IconCommand {
  @Option(
      names = "--rows",
      paramLabel = "<rows>",
      description = "Rows of the pool. Default: ${DEFAULT-VALUE}.",
      defaultValue = "5000000")
  private long rows;

  @Option(
      names = "--files",
      paramLabel = "<number>",
      description =
          "Files that they lie in; a task reads up to 128 MB of one. Default: ${DEFAULT-VALUE}.",
      defaultValue = "4")
  private int files;

  @Mixin private BenchMixin bench;

  BenchIngestCommand(Commands commands, PrintStream out) {
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
    commands()
        .bench(new IngestBenchmark(layers, rows, files), bench.options(), bench.work(), out());
  }
}

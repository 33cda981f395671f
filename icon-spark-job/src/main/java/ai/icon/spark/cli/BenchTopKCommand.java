package ai.icon.spark.cli;

import ai.icon.error.UserError;
import ai.icon.selection.Budget;
import ai.icon.spark.bench.TopKBenchmark;
import ai.icon.spark.config.Setting;
import java.io.PrintStream;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times the cut of a ranking. */
@Command(
    name = "topk",
    header = "Time the cut of a large ranking beside Spark's sort and limit.",
    description = {
      "",
      "Makes a ranking, writes it as Parquet and takes its best share in two ways by turns, behind a",
      "warm-up: by icon's histogram, and by a sort with a limit. Three cases: scores that all",
      "differ, nine or so scores for all rows, and a share of each of several groups. Stops with",
      "exit code 3 where the two ways take different rows.",
      "",
      "Input:",
      "  None. The heap is that of the process: ICON_DRIVER_MEMORY=600m icon bench topk.",
      "",
      "Output:",
      "  A table on standard output; its last line is one JSON object with the same figures."
    },
    footer = {"", "Example:", "  ICON_DRIVER_MEMORY=600m icon bench topk --rows 10000000"})
final class BenchTopKCommand extends IconCommand {
  private static final String SHARE = "--share";

  @Option(
      names = "--rows",
      paramLabel = "<rows>",
      description = "Rows of the ranking. Default: ${DEFAULT-VALUE}.",
      defaultValue = "10000000")
  private long rows;

  @Option(
      names = SHARE,
      paramLabel = "<share>",
      description = "What is taken of it. Default: 15%%.",
      defaultValue = "15%")
  private String share;

  @Option(
      names = "--rounds",
      paramLabel = "<number>",
      description = "How often each way is measured; the median counts. Default: ${DEFAULT-VALUE}.",
      defaultValue = "3")
  private int rounds;

  @Option(
      names = "--groups",
      paramLabel = "<number>",
      description = "Groups of the case by group. Default: ${DEFAULT-VALUE}.",
      defaultValue = "8")
  private int groups;

  @Mixin private BenchMixin bench;

  BenchTopKCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Set.of();
  }

  @Override
  void execute() {
    commands()
        .bench(
            new TopKBenchmark(rows, share(), rounds, groups), bench.options(), bench.work(), out());
  }

  private Budget.Share share() {
    try {
      if (Budget.parse(share) instanceof Budget.Share parsed) {
        return parsed;
      }
    } catch (UserError e) {
      throw invalid(e);
    }
    throw invalid(null);
  }

  private UserError invalid(Throwable cause) {
    return new UserError(
        "Invalid option " + SHARE + ": must be a share such as 15%, got " + share,
        "Set " + SHARE + " 15%.",
        cause);
  }
}

package ai.icon.spark.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What can be measured; one command below it each. */
@Command(
    name = "bench",
    synopsisSubcommandLabel = "COMMAND",
    usageHelpWidth = 100,
    header = "Measure icon on this machine.",
    description = {
      "",
      "Each prints figures for people; its last line is one JSON object with the same figures."
    },
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Begin with: icon bench topk --rows 1000000",
      "icon bench COMMAND --help says what a command measures and needs."
    })
final class BenchCommand implements Callable<Integer> {
  private final PrintStream err;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // The parser acts on it.
  private boolean help;

  @Spec private CommandSpec spec;

  BenchCommand(PrintStream err) {
    this.err = err;
  }

  /** What can be measured. */
  static List<IconCommand> all(Commands commands, PrintStream out) {
    return List.of(
        new BenchForwardCommand(commands, out),
        new BenchTopKCommand(commands, out),
        new BenchIngestCommand(commands, out),
        new BenchOverheadCommand(commands, out),
        new BenchFaultsCommand(commands, out));
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(new PrintWriter(err, true, StandardCharsets.UTF_8));
    return ExitCode.USAGE.number();
  }
}

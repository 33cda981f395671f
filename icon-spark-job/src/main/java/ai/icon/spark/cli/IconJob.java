package ai.icon.spark.cli;

import ai.icon.spark.config.SettingLayers;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The one command, {@code icon}, and its main method. */
@Command(
    name = "icon",
    versionProvider = VersionText.class,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpWidth = 100,
    header = "Chooses instruction data by its in-context contribution.",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Begin with: icon demo",
      "icon COMMAND --help says what a command does, needs and writes."
    })
public final class IconJob implements Callable<Integer> {
  private static final String VERBOSE = "--verbose";
  private static final String LOG_LEVEL = "icon.log.level";

  private final PrintStream out;
  private final PrintStream err;
  private final CommandLine line;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // The parser acts on it.
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show version and commit.")
  @SuppressWarnings("UnusedVariable") // The parser acts on it.
  private boolean version;

  /**
   * @param commands what the commands call
   * @param out gets results and help
   * @param err gets messages
   */
  public IconJob(Commands commands, PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
    this.line = commandLine(commands);
  }

  /** Runs one command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Before any logger exists: the level is read once.
    if (List.of(arguments).contains(VERBOSE)) {
      System.setProperty(LOG_LEVEL, "INFO");
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    int code = new IconJob(new SparkCommands(), out, System.err).execute(arguments);
    // On YARN a driver that calls for an exit itself is told to have failed, whatever the code.
    boolean isDriverElsewhere = "cluster".equals(System.getProperty("spark.submit.deployMode"));
    if (code != ExitCode.DONE.number() || !isDriverElsewhere) {
      System.exit(code);
    }
  }

  /**
   * Runs one command line.
   *
   * @return the exit code: 0 done, 1 usage, 2 user's error, 3 bug, 4 resource
   */
  public int execute(String... arguments) {
    try {
      return line.execute(arguments);
    } catch (Error e) { // The parser hands on exceptions only; memory gives out as an error.
      return failed(e, List.of(arguments).contains(VERBOSE));
    }
  }

  @Override
  public Integer call() {
    line.usage(new PrintWriter(err, true, StandardCharsets.UTF_8));
    return ExitCode.USAGE.number();
  }

  private CommandLine commandLine(Commands commands) {
    CommandLine root = new CommandLine(this);
    SettingLayers defaults = SettingLayers.defaults();
    List<IconCommand> all =
        List.of(
            new DemoCommand(commands, out),
            new RunCommand(commands, out),
            new IngestCommand(commands, out),
            new AssessCommand(commands, out),
            new ScoreCommand(commands, out),
            new TrainCommand(commands, out),
            new RankCommand(commands, out),
            new SelectCommand(commands, out),
            new StatusCommand(commands, out),
            new DoctorCommand(commands, out),
            new ModelCommand(commands, out),
            new LossCommand(commands, out),
            new SubmissionCommand(commands, out));
    all.forEach(command -> root.addSubcommand(subcommand(command, defaults)));
    CommandLine bench = new CommandLine(new BenchCommand(err));
    BenchCommand.all(commands, out)
        .forEach(command -> bench.addSubcommand(subcommand(command, defaults)));
    root.addSubcommand(bench);
    return root.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler(new UsageErrors(err))
        .setExecutionExceptionHandler((thrown, failed, result) -> failed(thrown, verbose(failed)));
  }

  private static CommandLine subcommand(IconCommand command, SettingLayers defaults) {
    CommandLine sub = new CommandLine(command);
    SettingOptions.add(sub.getCommandSpec(), command.settings(), defaults);
    SparkOptions.add(sub.getCommandSpec());
    return sub;
  }

  private static boolean verbose(CommandLine failed) {
    IconCommand command = failed.getCommand();
    return command.verbose();
  }

  private int failed(Throwable thrown, boolean verbose) {
    Failure failure = Failure.of(thrown);
    failure.print(thrown, err, verbose);
    return failure.code().number();
  }
}

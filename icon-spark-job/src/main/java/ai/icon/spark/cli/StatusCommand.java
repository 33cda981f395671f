package ai.icon.spark.cli;

import ai.icon.spark.config.Setting;
import ai.icon.spark.submit.SparkProperties;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows how far a run is, and whether anybody is still at it. */
@Command(
    name = "status",
    header = "Show how far a run is, and whether anybody is still at it.",
    description = {
      "",
      "Prints the stages of a run with their state and, while it scores, how many shards are done.",
      "A run is running while its driver shows signs of life, killed when it shows none any more.",
      "Starts no Spark, needs no lock and changes nothing.",
      "",
      "Input:",
      "  The run folder OUT, which may be at any path that Hadoop knows.",
      "",
      "Output:",
      "  A table on standard output; with --json one line of JSON: verdict (succeeded, failed,",
      "  running, dead, unknown), exitCode, run, stage, message, started, updated, driver.",
      "  With --exit-code the run's state decides how this process ends: 0 succeeded, 1 to 4 failed",
      "  with that code, 5 running, 6 dead (killed; the same command takes it up), 7 unknown (no",
      "  driver has come as far as the run folder)."
    },
    footer = {
      "",
      "Example:",
      "  icon status --out runs/first",
      "  icon status --out s3a://bucket/runs/first --wait --exit-code"
    })
public final class StatusCommand extends IconCommand {
  @Option(names = "--exit-code", description = "End with the exit code of the run's state.")
  private boolean exitCode;

  @Option(
      names = "--wait",
      description = "Wait until the run has succeeded, failed or died; also for it to begin.")
  private boolean waits;

  @Option(
      names = "--timeout",
      paramLabel = "<seconds>",
      description = "Wait no longer than this. 0: without end.")
  private int timeout;

  @Option(names = "--json", description = "Print one line of JSON.")
  private boolean json;

  @Option(
      names = "--attempt",
      paramLabel = "<id>",
      description =
          "Speak of the attempt that was given this id with --conf spark.icon.attempt=ID, and not"
              + " of an earlier one.")
  private String attempt = "";

  @Option(
      names = "--conf",
      paramLabel = "<key=value>",
      description = "A setting spark.hadoop.* to reach the folder with. May be repeated.")
  private Map<String, String> sparkSettings = new TreeMap<>();

  @Option(
      names = "--properties-file",
      paramLabel = "<file>",
      description = "A file of Spark's settings; spark.hadoop.* of it, under those of --conf.")
  private String properties = "";

  private int verdict;

  StatusCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  /**
   * What is asked of a run.
   *
   * @param out the run folder
   * @param attempt the id of an attempt; empty: the run
   * @param waits whether to wait for its end
   * @param limit how long at the most; zero: without end
   * @param json whether to print JSON
   * @param exitCode whether the exit code tells the state; otherwise no run is an error
   * @param sparkSettings settings of Spark, of which those of Hadoop count
   */
  public record Request(
      String out,
      String attempt,
      boolean waits,
      Duration limit,
      boolean json,
      boolean exitCode,
      Map<String, String> sparkSettings) {
    /** Copies the settings. */
    public Request {
      sparkSettings = Map.copyOf(sparkSettings);
    }
  }

  @Override
  Set<Setting> settings() {
    return Set.of(Setting.RUN_OUT);
  }

  @Override
  void execute() {
    Duration limit = Duration.ofSeconds(Math.max(0, timeout));
    verdict =
        commands()
            .status(
                new Request(outFolder(), attempt, waits, limit, json, exitCode, reaching()), out());
  }

  /** In the order of a run's: a file under --config, which is under --conf. */
  private Map<String, String> reaching() {
    Map<String, String> settings = new TreeMap<>();
    if (!properties.isEmpty()) {
      settings.putAll(SparkProperties.read(Path.of(properties)));
    }
    settings.putAll(sparkSettings());
    settings.putAll(sparkSettings);
    return settings;
  }

  @Override
  int exitCode() {
    return exitCode ? verdict : ExitCode.DONE.number();
  }
}

package ai.icon.spark.cli;

import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import ai.icon.spark.config.Setting;
import ai.icon.spark.fault.FaultBenchmark;
import ai.icon.spark.fault.FaultReport;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Kills runs. */
@Command(
    name = "faults",
    header = "Kill runs at random moments and see what it costs them.",
    description = {
      "",
      "Runs the built-in example on a driver and two executors, processes of this machine, once",
      "undisturbed; then again and again with executors (three kills of four) and drivers ended by",
      "SIGKILL at random moments, each run until it is complete. Stops with exit code 3 where a",
      "file of the result differs, a finished shard was done again, a kill cost more shards than it",
      "took cores, or a file is left that nothing accounts for.",
      "",
      "Input:",
      "  None. Some 3 GB of memory.",
      "",
      "Output:",
      "  A line a kill and a table on standard output; its last line is one JSON object."
    },
    footer = {"", "Example:", "  icon bench faults --kills 100 --seed 1"})
final class BenchFaultsCommand extends IconCommand {
  private static final String HOME = "icon.home";
  private static final int POOL = 60;
  private static final int ASSESSED = 8;

  @Option(
      names = "--kills",
      paramLabel = "<number>",
      description = "How many. Default: ${DEFAULT-VALUE}.",
      defaultValue = "100")
  private int kills;

  @Option(
      names = "--seed",
      paramLabel = "<number>",
      description = "Of the moments and of whom they strike. Default: ${DEFAULT-VALUE}.",
      defaultValue = "1")
  private long seed;

  @Option(
      names = "--work",
      paramLabel = "<folder>",
      description = "Where runs and logs lie; removed behind it unless it failed.")
  private Path work = Path.of(System.getProperty("java.io.tmpdir"));

  BenchFaultsCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Set.of();
  }

  @Override
  void execute() {
    if (kills < 1) {
      throw new UserError("Invalid option --kills: must be at least 1, got " + kills, "");
    }
    try {
      Files.createDirectories(work);
      Path folder = Files.createTempDirectory(work.toAbsolutePath(), "icon-faults");
      FaultReport report =
          new FaultBenchmark(IconJob.class.getName(), job(folder), kills, seed, folder).run(out());
      out().println(report.table());
      out().println(report.json());
      if (!report.isGood()) {
        throw new IllegalStateException(
            "Invalid runs behind their kills: see above; all is kept in " + folder);
      }
      FileUtils.deleteDirectory(folder.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot measure in " + work + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ResourceError("Cannot go on: interrupted.", "Run the same command again.", e);
    }
  }

  private static List<String> job(Path folder) throws IOException {
    Path example = Path.of(System.getProperty(HOME, "")).toAbsolutePath().resolve("tools/tiny-icl");
    if (!Files.isDirectory(example)) {
      throw new UserError(
          "Cannot run the example: " + example + " is not there.",
          "Run it as submit/icon bench faults in a checkout of the repository.");
    }
    Path pool = part(example.resolve("demo/pool.jsonl"), folder.resolve("pool.jsonl"), POOL);
    Path assessed =
        part(
            example.resolve("demo/assessment.jsonl"), folder.resolve("assessment.jsonl"), ASSESSED);
    return List.of(
        "run",
        "--pool",
        pool.toString(),
        "--assessment",
        assessed.toString(),
        "--model",
        example.resolve("model").toString(),
        "--threads",
        "1",
        "--measure",
        "log",
        "--candidates",
        "40",
        // About a shard for each candidate: a kill strikes some of many.
        "--shard-tokens",
        "400",
        "--budget",
        "20%",
        "--max-reject-share",
        "0.5");
  }

  /** Rows at even distances. */
  private static Path part(Path from, Path to, int rows) throws IOException {
    List<String> all = Files.readAllLines(from);
    int step = Math.max(1, all.size() / rows);
    return Files.write(
        to,
        java.util.stream.IntStream.range(0, Math.min(rows, all.size()))
            .mapToObj(row -> all.get(row * step))
            .toList());
  }
}

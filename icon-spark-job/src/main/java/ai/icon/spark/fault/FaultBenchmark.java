package ai.icon.spark.fault;

import static java.util.Objects.requireNonNull;

import ai.icon.spark.run.RunAudit;
import ai.icon.spark.run.RunFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * Kills a job's executors and drivers at random moments and holds what comes of it against a run
 * that was let be. Runs are killed and started again until they are complete, one after the other,
 * until there were enough kills.
 *
 * @param mainClass of the command line, which is started in processes of its own
 * @param job the command line, without run folder and master
 * @param kills how many
 * @param seed of the moments, and of whom they strike
 * @param work an empty folder of the local disk for runs and logs
 */
public record FaultBenchmark(String mainClass, List<String> job, int kills, long seed, Path work) {
  /** So many kills would strike an undisturbed run's time, were it not made longer by them. */
  private static final double KILLS_A_RUN = 6;

  /** Checks that there is something to do. */
  public FaultBenchmark {
    requireNonNull(mainClass, "mainClass");
    job = List.copyOf(job);
    requireNonNull(work, "work");
    if (kills < 1) {
      throw new IllegalArgumentException("Invalid number of kills: at least 1, got " + kills);
    }
  }

  /**
   * Kills.
   *
   * @param lines gets a line a kill
   * @throws IllegalStateException if a run cannot be completed
   */
  public FaultReport run(PrintStream lines) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    LocalCluster cluster = new LocalCluster(mainClass, job, work);
    Path base = work.resolve("undisturbed");
    double undisturbed = undisturbed(cluster, base, lines);
    RunContent content = RunContent.of(base);
    SplittableRandom random = new SplittableRandom(seed);
    List<Kill> all = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    List<String> orphans = new ArrayList<>(leftOver(base));
    long rewritten = 0;
    int runs = 0;
    int stops = 0;
    while (all.size() < kills) {
      runs++;
      Path folder = work.resolve("run-" + runs);
      KilledRun run = new KilledRun(cluster, folder, random, undisturbed / KILLS_A_RUN);
      run.complete(kills - all.size());
      all.addAll(run.kills());
      rewritten += run.rewritten();
      stops += run.stops();
      List<String> different = RunContent.of(folder).differences(content);
      List<String> left = leftOver(folder);
      different.forEach(file -> differences.add(folder.getFileName() + "/" + file));
      orphans.addAll(left);
      print(run, runs, different, left, lines);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    return new FaultReport(all, runs, stops, rewritten, differences, orphans, undisturbed, seconds);
  }

  private double undisturbed(LocalCluster cluster, Path base, PrintStream lines)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    try (IconProcess process = cluster.start(base)) {
      while (!process.endsIn(1000)) {
        process.executors(); // so that they are known when it is closed
      }
      if (process.exitCode() != 0) {
        throw new IllegalStateException(
            "Cannot run the job: exit code " + process.exitCode() + ":\n" + process.printed());
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    int shards = Committed.of(base).size();
    long tasks = cluster.tasks().started();
    if (tasks != shards) {
      throw new IllegalStateException(
          "Cannot count what is repeated: %d shards, and %d tasks were noted"
              .formatted(shards, tasks));
    }
    lines.printf(Locale.ROOT, "undisturbed: %d shards in %.0f s%n", shards, seconds);
    return seconds;
  }

  private static List<String> leftOver(Path folder) throws IOException {
    RunAudit audit = RunAudit.of(RunFolder.open(folder.toString(), new Configuration()));
    return Stream.concat(
            audit.orphans().stream().map(file -> folder.getFileName() + "/" + file),
            audit.missing().stream().map(file -> folder.getFileName() + "/" + file + " (missing)"))
        .toList();
  }

  private static void print(
      KilledRun run, int number, List<String> different, List<String> left, PrintStream lines) {
    for (Kill kill : run.kills()) {
      lines.printf(
          Locale.ROOT,
          "run %d: %-12s killed after %5.1f s, %3d shards done, %d in flight on %d cores%n",
          number,
          kill.what(),
          kill.seconds(),
          kill.shardsDone(),
          kill.repeated(),
          kill.cores());
    }
    lines.printf(
        "run %d: complete after %d kills; %s; %s%n",
        number,
        run.kills().size(),
        different.isEmpty() ? "content as undisturbed" : "different: " + different,
        left.isEmpty() ? "no orphans" : "orphans or missing: " + left);
  }
}

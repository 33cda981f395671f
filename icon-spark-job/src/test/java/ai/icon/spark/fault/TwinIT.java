package ai.icon.spark.fault;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.ProcessCluster;
import ai.icon.spark.SparkHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two tasks at one shard of a run on a cluster: Spark starts a twin of a slow task, on another
 * machine only, so that the workers have an address each. The slow one is frozen by SIGSTOP inside
 * a shard of controls: unlike those of pairs they hang on no rows that a frozen executor holds.
 */
@Timeout(300)
class TwinIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final List<String> HOSTS = List.of("127.0.0.1", "127.0.0.2");
  private static final int ASSESSED = 48;
  private static final int SHARD_TOKENS = 6000; // half a second: time to see a twin at work
  private static final long POLL_MILLIS = 5;
  private static final long SETTLED_MILLIS = 300;

  @TempDir Path place;
  private Path run;
  private Path taskLog;
  private ProcessCluster cluster;

  @Test
  void aFrozenTaskAndItsTwinBothComeToTheirCommitAndOneCounts()
      throws IOException, InterruptedException {
    List<String> job = TinyJob.arguments(place, ASSESSED, SHARD_TOKENS);
    Path undisturbed = place.resolve("undisturbed");
    run = place.resolve("twins");
    taskLog = place.resolve("tasks.log");

    try (ProcessCluster started = ProcessCluster.start(SparkHome.toTest(), "twin-it", HOSTS)) {
      cluster = started;
      Process alone = cluster.icon("undisturbed", on("local[2]", job, undisturbed));
      assertSucceeds(alone, cluster.log("undisturbed"));

      Process driver = cluster.icon("twins", twice(on(cluster.master(), job, run)));
      await(driver, "3 shards", () -> Committed.of(run).count("control-") >= 3);
      // What every task of the stage needs is fetched from whoever has it: both must have it.
      await(driver, "a shard of each executor", () -> done().size() == HOSTS.size());
      List<ProcessHandle> executors = cluster.executors();
      twins(driver, executors.get(0), ProcessCluster.executorId(executors.get(1)));
      assertSucceeds(driver, cluster.log("twins"));
    }

    assertThat(ShardTasks.of(taskLog).twins()).isPositive();
    assertThat(RunContent.of(run).files()).isNotEmpty();
    assertThat(RunContent.of(run).differences(RunContent.of(undisturbed))).isEmpty();
    TinyJob.assertClean(run);
  }

  /**
   * Freezes an executor inside a shard until its twin has committed, then lets it come to its own
   * commit. The driver is frozen meanwhile: it would kill the one as soon as it heard of the other.
   */
  private void twins(Process driver, ProcessHandle slow, String other)
      throws IOException, InterruptedException {
    String executor = ProcessCluster.executorId(slow);
    try {
      String task = freeze(driver, slow, executor);
      // Not as soon as the driver tells of it: what it would launch is still with it then.
      await(driver, "a twin", () -> said(other, "Running").contains(task + ".1"));
      IconProcess.signal(driver.toHandle(), "STOP");
      await(driver, "the twin's marker", () -> Files.exists(marker(task)));
      await(driver, "the end of the twin", () -> said(other, "Finished").contains(task + ".1"));
      String vouched = Files.readString(marker(task));

      IconProcess.signal(slow, "CONT");
      await(
          driver,
          "the end of the frozen one",
          () -> said(executor, "Finished").contains(task + ".0"));
      assertThat(marker(task)).hasContent(vouched);
    } finally {
      IconProcess.signal(slow, "CONT");
      IconProcess.signal(driver.toHandle(), "CONT");
    }
  }

  /** Stops an executor until it was met at a task whose shard is not committed. */
  private String freeze(Process driver, ProcessHandle slow, String executor)
      throws IOException, InterruptedException {
    while (true) {
      await(driver, "a task", () -> !open(executor).isEmpty());
      IconProcess.signal(slow, "STOP");
      TimeUnit.MILLISECONDS.sleep(SETTLED_MILLIS); // what it said last is still on its way
      for (String task : open(executor)) {
        if (!Files.exists(marker(task))) {
          return task;
        }
      }
      IconProcess.signal(slow, "CONT");
    }
  }

  /** Tasks, as stage and index, that an executor was given and has not ended. */
  private Set<String> open(String executor) throws IOException {
    Set<String> open = new HashSet<>();
    for (ShardTasks.Event event : ShardTasks.of(taskLog).events()) {
      if (event.executor().equals(executor)) {
        if (event.what().equals(ShardTaskLog.STARTED)) {
          open.add(event.task());
        } else {
          open.remove(event.task());
        }
      }
    }
    return open;
  }

  private Set<String> done() throws IOException {
    Set<String> executors = new HashSet<>();
    for (ShardTasks.Event event : ShardTasks.of(taskLog).events()) {
      if (event.what().equals(ShardTaskLog.DONE)) {
        executors.add(event.executor());
      }
    }
    return executors;
  }

  /** Nothing was done before: the index of a task is that of its shard. */
  private Path marker(String task) {
    int shard = Integer.parseInt(task.substring(task.indexOf('.') + 1));
    return run.resolve("_icon/commits/control-%05d.json".formatted(shard));
  }

  /** Attempts, as stage, index and number, of which an executor says that they are at a point. */
  private Set<String> said(String executor, String point) throws IOException {
    Pattern line = Pattern.compile(point + " task (\\d+\\.\\d+) in stage (\\d+)\\.");
    Set<String> attempts = new HashSet<>();
    try (Stream<String> lines = Files.lines(cluster.executorLog(executor))) {
      lines
          .map(line::matcher)
          .filter(Matcher::find)
          .forEach(found -> attempts.add(found.group(2) + "." + found.group(1)));
    }
    return attempts;
  }

  private static List<String> on(String master, List<String> job, Path run) {
    List<String> arguments = new ArrayList<>(job);
    arguments.addAll(List.of("--out", run.toString(), "--master", master));
    return arguments;
  }

  /** An executor of one core on each host, and a twin for a task that takes seconds. */
  private List<String> twice(List<String> job) {
    List<String> arguments = new ArrayList<>(job);
    for (String setting :
        List.of(
            "spark.executor.memory=600m",
            "spark.executor.cores=1",
            "spark.cores.max=2",
            "spark.sql.shuffle.partitions=4",
            "spark.network.timeout=600s", // frozen is not lost
            "spark.extraListeners=" + ShardTaskLog.class.getName(),
            ShardTaskLog.FILE + "=" + taskLog,
            "spark.speculation=true",
            "spark.speculation.interval=20ms",
            "spark.speculation.multiplier=1.5",
            "spark.speculation.quantile=0.1",
            "spark.speculation.minTaskRuntime=2s")) {
      arguments.addAll(List.of("--conf", setting));
    }
    return arguments;
  }

  /** A question that is asked until the answer is yes. */
  private interface Condition {
    boolean holds() throws IOException;
  }

  private void await(Process driver, String what, Condition condition)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.holds()) {
      boolean isOver = !driver.isAlive() || Instant.now().isAfter(end);
      assertThat(isOver)
          .as(() -> "no " + what + ":\n" + text(taskLog) + text(cluster.log("twins")))
          .isFalse();
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private static void assertSucceeds(Process driver, Path log) throws InterruptedException {
    boolean hasEnded = driver.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(hasEnded).as(() -> text(log)).isTrue();
    assertThat(driver.exitValue()).as(() -> text(log)).isZero();
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

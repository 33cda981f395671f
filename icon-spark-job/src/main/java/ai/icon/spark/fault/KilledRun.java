package ai.icon.spark.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** One run that is killed and started again until it is complete. For one thread. */
final class KilledRun {
  /** Of four kills one strikes the driver: it costs a start, an executor's is soon made good. */
  private static final int DRIVERS_SHARE = 4;

  private static final int MAX_STOPS = 3;
  private static final long POLL_MILLIS = 20;
  private static final int TAIL = 4000;

  private final LocalCluster cluster;
  private final Path run;
  private final SplittableRandom random;
  private final double meanGapSeconds;
  private final List<Kill> kills = new ArrayList<>();
  private Committed committed;
  private long rewritten;
  private int stops;

  /**
   * @param random draws the moments and whom they strike
   * @param meanGapSeconds between two kills
   */
  KilledRun(LocalCluster cluster, Path run, SplittableRandom random, double meanGapSeconds)
      throws IOException {
    this.cluster = cluster;
    this.run = run;
    this.random = random;
    this.meanGapSeconds = meanGapSeconds;
    this.committed = Committed.of(run);
  }

  /** What was killed at a moment. */
  private record Blow(Optional<String> executor, double seconds, int shardsDone) {}

  /**
   * Kills it at random moments until it is complete.
   *
   * @param limit how many kills at the most; after that it is let be
   * @throws IllegalStateException if it gives up again and again, or by a mistake of its own
   */
  void complete(int limit) throws IOException, InterruptedException {
    List<IconProcess> started = new ArrayList<>();
    try {
      boolean isComplete = false;
      while (!isComplete) {
        IconProcess process = cluster.start(run);
        started.add(process);
        isComplete = attempt(process, limit);
      }
    } finally {
      // Not before: executors of a dead driver may meet the next one.
      started.forEach(IconProcess::close);
    }
    look();
  }

  private boolean attempt(IconProcess process, int limit) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    List<Blow> blows = new ArrayList<>();
    boolean isDriverDead = false;
    while (!isDriverDead && !isOver(process, kills.size() + blows.size() < limit)) {
      boolean isDriver = random.nextInt(DRIVERS_SHARE) == 0;
      Optional<Blow> blow = isDriver ? killDriver(process, begun) : killExecutor(process, begun);
      blow.ifPresent(blows::add);
      isDriverDead = blow.isPresent() && isDriver;
      look();
    }
    kills.addAll(costs(blows));
    if (isDriverDead) {
      return false;
    }
    if (process.exitCode() != 0) {
      stopped(process);
    }
    return process.exitCode() == 0;
  }

  /** Waits for the next moment, or for the end where there is to be none. */
  private boolean isOver(IconProcess process, boolean isKilledAgain) throws InterruptedException {
    double gap = 2 * meanGapSeconds * random.nextDouble();
    return process.endsIn(isKilledAgain ? (long) (gap * 1000) : TimeUnit.MINUTES.toMillis(10));
  }

  private Optional<Blow> killDriver(IconProcess process, long begun) throws IOException {
    double seconds = (System.nanoTime() - begun) / 1e9;
    process.killDriver();
    return Optional.of(new Blow(Optional.empty(), seconds, Committed.of(run).size()));
  }

  private Optional<Blow> killExecutor(IconProcess process, long begun)
      throws IOException, InterruptedException {
    List<IconProcess.Executor> alive = process.executors();
    while (alive.isEmpty()) {
      if (process.endsIn(POLL_MILLIS)) {
        return Optional.empty();
      }
      alive = process.executors();
    }
    IconProcess.Executor victim = alive.get(random.nextInt(alive.size()));
    double seconds = (System.nanoTime() - begun) / 1e9;
    IconProcess.kill(victim.process());
    return Optional.of(new Blow(Optional.of(victim.id()), seconds, Committed.of(run).size()));
  }

  private List<Kill> costs(List<Blow> blows) throws IOException {
    ShardTasks tasks = cluster.tasks();
    Set<String> dead = new HashSet<>();
    List<Kill> costs = new ArrayList<>();
    for (Blow blow : blows) {
      if (blow.executor().isPresent()) {
        String id = blow.executor().get();
        dead.add(id);
        costs.add(
            new Kill(
                "executor " + id,
                blow.seconds(),
                blow.shardsDone(),
                LocalCluster.CORES,
                tasks.unfinished(id)));
      } else {
        costs.add(
            new Kill(
                Kill.DRIVER,
                blow.seconds(),
                blow.shardsDone(),
                LocalCluster.EXECUTORS * LocalCluster.CORES,
                tasks.runningBut(dead)));
      }
    }
    return costs;
  }

  private void stopped(IconProcess process) throws IOException {
    stops++;
    if (process.exitCode() == 3 || stops > MAX_STOPS) {
      String printed = process.printed();
      throw new IllegalStateException(
          "Cannot complete %s: stopped with exit code %d after %d kills:%n%s"
              .formatted(
                  run,
                  process.exitCode(),
                  kills.size(),
                  printed.substring(Math.max(0, printed.length() - TAIL))));
    }
  }

  /** What was vouched for at the last look must be as it was. */
  private void look() throws IOException {
    Committed now = Committed.of(run);
    rewritten += committed.brokenIn(now);
    committed = now;
  }

  List<Kill> kills() {
    return List.copyOf(kills);
  }

  long rewritten() {
    return rewritten;
  }

  int stops() {
    return stops;
  }
}

package ai.icon.spark.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;

/**
 * Runs the bare loop on a few candidates again and again while the stage is at work: the device is
 * one task's at a time, so the stage stands still meanwhile. What the loop takes is measured at the
 * same time as the stage, under the same weather; what the probes took is no part of the stage.
 */
final class BareProbe implements AutoCloseable {
  private static final int CANDIDATES = 16;
  private static final int EVERY_MILLIS = 5_000;

  private final BareLoop loop;
  private final List<Row> candidates;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Future<?> probing;
  private final Map<String, Double> contributions = new LinkedHashMap<>();
  private final List<Probe> probes = new ArrayList<>();

  /** Begins at once. */
  BareProbe(BareLoop loop, List<Row> candidates) {
    this.loop = loop;
    this.candidates = candidates;
    this.probing =
        clock.scheduleWithFixedDelay(this::probe, 1_000, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** When the loop had the device (System.nanoTime), and what a candidate took it. */
  private record Probe(long begunNanos, long endNanos, double secondsEach) {}

  /**
   * What was measured.
   *
   * @param probes how often
   * @param candidates how many candidates together
   * @param stageSeconds how long the stage had the device
   * @param bareCandidates what the loop alone would have done in that time, as fast as it was then
   */
  record Figures(int probes, int candidates, double stageSeconds, double bareCandidates) {}

  private synchronized void probe() {
    List<Row> next = new ArrayList<>();
    for (int i = 0; i < CANDIDATES; i++) {
      // A prime as the stride: all lengths have their turn.
      long place = ((long) probes.size() * CANDIDATES + i) * 7_919L % candidates.size();
      next.add(candidates.get((int) place));
    }
    BareLoop.Timed timed = loop.timed(next);
    contributions.putAll(timed.contributions());
    long end = System.nanoTime();
    long begun = end - Math.round(timed.takenSeconds() * 1e9);
    probes.add(new Probe(begun, end, timed.seconds() / CANDIDATES));
  }

  /** What the loop gave the candidates that were measured, by sample id. */
  synchronized Map<String, Double> contributions() {
    return Map.copyOf(contributions);
  }

  /**
   * All probes together; there must be one.
   *
   * @param fromNanos when the stage began, of System.nanoTime
   * @param toNanos when it ended
   */
  synchronized Figures figures(long fromNanos, long toNanos) {
    if (probes.isEmpty()) {
      throw new IllegalStateException("Cannot compare: the stage was done before the first probe");
    }
    double seconds = 0;
    double candidatesDone = 0;
    long from = fromNanos;
    double speed = 1 / probes.get(0).secondsEach();
    for (Probe probe : probes) {
      double gap = Math.max(0, (probe.begunNanos() - from) / 1e9);
      double next = 1 / probe.secondsEach();
      seconds += gap;
      candidatesDone += gap * (speed + next) / 2;
      speed = next;
      from = Math.max(from, probe.endNanos());
    }
    double rest = Math.max(0, (toNanos - from) / 1e9);
    return new Figures(
        probes.size(), probes.size() * CANDIDATES, seconds + rest, candidatesDone + rest * speed);
  }

  /**
   * Ends with the probe that runs.
   *
   * @throws IllegalStateException if a probe failed
   */
  @Override
  public void close() {
    boolean isRepeating = probing.cancel(false);
    clock.shutdown();
    try {
      clock.awaitTermination(1, TimeUnit.MINUTES);
      if (!isRepeating) {
        probing.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("Cannot time the loop alone", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

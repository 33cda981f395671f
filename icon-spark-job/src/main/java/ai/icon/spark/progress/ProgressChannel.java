package ai.icon.spark.progress;

import static java.util.Objects.requireNonNull;

import ai.icon.contribution.ScoredBatch;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * From a task to the driver, while the task still runs. Spark makes plugins by reflection and hands
 * them to nobody, so static references are unavoidable: the plugin of this executor, the listener
 * of this driver and its figures. Without the plugin ({@code
 * spark.plugins=ai.icon.spark.progress.ProgressPlugin}) reports go nowhere and nothing fails.
 */
public final class ProgressChannel {
  private static final AtomicReference<Optional<ProgressExecutorPlugin>> EXECUTOR =
      new AtomicReference<>(Optional.empty());
  private static final AtomicReference<Optional<ProgressListener>> LISTENER =
      new AtomicReference<>(Optional.empty());

  private static final RunFigures FIGURES = new RunFigures();

  private ProgressChannel() {}

  /**
   * Says inside a task that so much more is done. Cheap: at most two messages a second leave an
   * executor, the rest goes along with the next one or at the task's end. Thread-safe.
   */
  public static void report(long pairs, long tokens) {
    report(ProgressDelta.of(pairs, tokens));
  }

  /** As {@link #report(long, long)}, of a batch that the model has scored. */
  public static void scored(ScoredBatch batch) {
    report(ProgressDelta.of(batch));
  }

  /** Says that weights were loaded on a device of this executor, and how long that took. */
  public static void modelLoaded(double seconds) {
    report(ProgressDelta.ofLoad(seconds));
  }

  private static void report(ProgressDelta delta) {
    EXECUTOR.get().ifPresent(plugin -> plugin.add(delta));
  }

  /**
   * Says on the driver that a task begins, for its metrics.
   *
   * @param totalPairs all there is to do
   */
  public static void begin(long totalPairs) {
    FIGURES.begin(totalPairs);
  }

  /** Peak memory on the driver and each executor that has said so, by Spark's names of them. */
  public static SortedMap<String, ProcessMemory> memory() {
    return FIGURES.memory();
  }

  /**
   * Hears on the driver from now on; the listener before is forgotten.
   *
   * @return close it to hear no more
   */
  public static Listening listen(ProgressListener listener) {
    Optional<ProgressListener> registered = Optional.of(requireNonNull(listener, "listener"));
    LISTENER.set(registered);
    return () -> LISTENER.compareAndSet(registered, Optional.empty());
  }

  /** A listener's registration. */
  @FunctionalInterface
  public interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  static void opened(ProgressExecutorPlugin plugin) {
    EXECUTOR.set(Optional.of(plugin));
  }

  static void shut() {
    EXECUTOR.set(Optional.empty());
  }

  static RunFigures figures() {
    return FIGURES;
  }

  static void deliver(ExecutorReport report) {
    FIGURES.add(report);
    LISTENER.get().ifPresent(listener -> listener.progressed(report.work()));
  }
}

package ai.icon.spark.progress;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * What all executors have said, on the driver: the figures of its metrics and of the last table.
 * Work of a shard that was tried twice counts twice. Thread-safe.
 */
final class RunFigures {
  private final SortedMap<String, ProcessMemory> memory = new TreeMap<>();
  private ProgressDelta work = ProgressDelta.NONE;
  private Throughput task = new Throughput(0, System.nanoTime());

  /** A new application: nothing was done. */
  synchronized void clear() {
    memory.clear();
    work = ProgressDelta.NONE;
    begin(0);
  }

  synchronized void begin(long totalPairs) {
    task = new Throughput(totalPairs, System.nanoTime());
  }

  synchronized void add(ExecutorReport report) {
    work = work.plus(report.work());
    task.add(report.work());
    memory.merge(report.executor(), report.memory(), ProcessMemory::max);
  }

  synchronized SortedMap<String, ProcessMemory> memory() {
    SortedMap<String, ProcessMemory> all = new TreeMap<>(memory);
    all.merge("driver", ProcessMemory.ofThisProcess(), ProcessMemory::max);
    return Collections.unmodifiableSortedMap(all);
  }

  synchronized ProgressDelta work() {
    return work;
  }

  private synchronized double ofTask(ToDoubleFunction<Throughput> figure) {
    return figure.applyAsDouble(task);
  }

  /** The driver's metrics: the executors' summed under {@code run.}, and the task at hand. */
  void register(MetricRegistry registry) {
    register(registry, "run.", this::work);
    registry.register("task.pairsDone", gauge(() -> ofTask(Throughput::pairs)));
    registry.register("task.pairsTotal", gauge(() -> ofTask(Throughput::total)));
    registry.register(
        "task.secondsLeft", gauge(() -> ofTask(now -> now.secondsLeft(System.nanoTime()))));
  }

  /** Metrics of some work, whose names begin with a prefix. */
  static void register(MetricRegistry registry, String prefix, Supplier<ProgressDelta> work) {
    figure(registry, prefix + "pairs", work, ProgressDelta::pairs);
    figure(registry, prefix + "tokens", work, ProgressDelta::tokens);
    figure(registry, prefix + "nonFiniteLosses", work, ProgressDelta::nonFiniteLosses);
    figure(registry, prefix + "batchFill", work, ProgressDelta::batchFill);
    figure(registry, prefix + "forwardSeconds", work, ProgressDelta::forwardSeconds);
    figure(registry, prefix + "modelLoadSeconds", work, ProgressDelta::modelLoadSeconds);
  }

  private static <N extends Number> void figure(
      MetricRegistry registry,
      String name,
      Supplier<ProgressDelta> work,
      Function<ProgressDelta, N> figure) {
    registry.register(name, gauge(() -> figure.apply(work.get())));
  }

  private static <N extends Number> Gauge<N> gauge(Supplier<N> value) {
    return value::get;
  }
}

package ai.icon.spark.progress;

import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One line every 30 seconds and one at the end: for logs. */
final class LineView implements ProgressView {
  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(30);

  private final PrintStream out;
  private final LongSupplier clock;
  private Optional<Throughput> throughput = Optional.empty();
  private String task = "";
  private long shown;

  LineView(PrintStream out, LongSupplier clock) {
    this.out = out;
    this.clock = clock;
  }

  @Override
  public void start(String newTask, long totalPairs) {
    task = newTask;
    shown = clock.getAsLong();
    throughput = Optional.of(new Throughput(totalPairs, shown));
  }

  @Override
  public void step(ProgressDelta delta) {
    throughput.ifPresent(
        figures -> {
          figures.add(delta);
          long now = clock.getAsLong();
          if (now - shown >= INTERVAL) {
            shown = now;
            out.println(figures.line(task, now));
          }
        });
  }

  @Override
  public void done() {
    throughput.ifPresent(figures -> out.println(figures.line(task, clock.getAsLong())));
    throughput = Optional.empty();
  }
}

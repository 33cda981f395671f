package ai.icon.spark.progress;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar with pairs, tokens per second and the time left: for people. */
final class BarView implements ProgressView {
  /** Columns; fixed, because asking the terminal starts a terminal library. */
  private static final int WIDTH = 100;

  private static final int REFRESH_MILLIS = 500;

  private final PrintStream out;
  private Optional<Task> running = Optional.empty();

  BarView(PrintStream out) {
    this.out = out;
  }

  @Override
  public void start(String task, long totalPairs) {
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(totalPairs)
            .setUnit(" pairs", 1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(REFRESH_MILLIS)
            .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
            .build();
    running = Optional.of(new Task(bar, new Throughput(totalPairs, System.nanoTime())));
  }

  @Override
  public void step(ProgressDelta delta) {
    running.ifPresent(task -> task.step(delta));
  }

  @Override
  public void done() {
    running.ifPresent(task -> task.bar().close());
    running = Optional.empty();
  }

  private record Task(ProgressBar bar, Throughput throughput) {
    void step(ProgressDelta delta) {
      throughput.add(delta);
      bar.stepTo(throughput.pairs());
      long speed = throughput.tokensPerSecond(System.nanoTime());
      bar.setExtraMessage(String.format(Locale.ROOT, " %,d tokens/s", speed));
    }
  }
}

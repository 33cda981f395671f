package ai.icon.spark.progress;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * Shows how far a task is: a bar where a person watches, one line every 30 seconds where a file
 * does. Writes to standard error only. Thread-safe.
 */
public final class ScoringProgress implements AutoCloseable {
  private final ProgressView view;

  ScoringProgress(ProgressView view) {
    this.view = view;
  }

  /** A bar on a terminal, lines elsewhere. */
  @SuppressWarnings("SystemConsoleNull") // right up to Java 21, and Spark 3.5 runs on no later one
  public static ScoringProgress onStandardError() {
    boolean terminal = System.console() != null && System.getenv("TERM") != null;
    return new ScoringProgress(
        terminal ? new BarView(System.err) : new LineView(System.err, System::nanoTime));
  }

  /** Lines, with a clock of the caller's; nanoseconds. */
  static ScoringProgress lines(PrintStream out, LongSupplier clock) {
    return new ScoringProgress(new LineView(out, clock));
  }

  /**
   * Begins a task; one that was not done is done now.
   *
   * @param task a word or two
   * @param totalPairs all there is to do, what is done already not included
   */
  public synchronized void start(String task, long totalPairs) {
    if (totalPairs < 0) {
      throw new IllegalArgumentException(
          "Invalid progress: there must be 0 pairs or more to do, got " + totalPairs);
    }
    view.done();
    view.start(task, totalPairs);
  }

  /** So much more is done; before {@link #start} and after {@link #done} it is passed over. */
  public synchronized void step(long pairs, long tokens) {
    view.step(ProgressDelta.of(pairs, tokens));
  }

  /** Ends the task with its last figures. May be called twice. */
  public synchronized void done() {
    view.done();
  }

  @Override
  public void close() {
    done();
  }
}

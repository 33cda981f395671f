package ai.icon.spark.progress;

/** A way to show progress; called by one thread at a time. */
sealed interface ProgressView permits BarView, LineView {
  void start(String task, long totalPairs);

  void step(ProgressDelta delta);

  /** Nothing happens if nothing was started. */
  void done();
}

package ai.icon.spark.progress;

/** Hears on the driver what tasks have done. Called by several threads. */
@FunctionalInterface
public interface ProgressListener {
  /** So much more is done. */
  void progressed(ProgressDelta delta);
}

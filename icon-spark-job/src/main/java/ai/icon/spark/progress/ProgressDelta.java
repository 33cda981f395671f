package ai.icon.spark.progress;

import java.io.Serializable;

/**
 * Work that a task has done since it last said so: the message from executor to driver.
 *
 * @param pairs scored pairs
 * @param tokens tokens that went through the model
 */
public record ProgressDelta(long pairs, long tokens) implements Serializable {
  /** Checks that nothing is negative. */
  public ProgressDelta {
    if (pairs < 0 || tokens < 0) {
      throw new IllegalArgumentException(
          "Invalid progress: must not be negative, got " + pairs + " pairs, " + tokens + " tokens");
    }
  }
}

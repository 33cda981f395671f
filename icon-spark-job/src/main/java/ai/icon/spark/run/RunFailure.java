package ai.icon.spark.run;

import static java.util.Objects.requireNonNull;

import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import ai.icon.spark.rows.FileSystems;
import ai.icon.spark.rows.FullDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a throwable means to the user. Spark wraps what a task threw, so the whole chain of causes
 * is searched for an error that the user can do something about.
 *
 * @param exitCode how the process ends: 2 user's error, 3 a bug, 4 memory, disk or device
 * @param message what to print, with the cure
 */
public record RunFailure(int exitCode, String message) {
  private static final int USER_ERROR = 2;
  private static final int BUG = 3;
  private static final int RESOURCE_ERROR = 4;
  private static final int DEEPEST_CAUSE = 50;

  /** Checks that there is something to say. */
  public RunFailure {
    requireNonNull(message, "message");
  }

  /** Judges a throwable. */
  public static RunFailure of(Throwable thrown) {
    List<Throwable> chain = chain(thrown);
    for (Throwable cause : chain) {
      if (cause instanceof UserError) {
        return new RunFailure(USER_ERROR, cause.getMessage());
      }
      if (cause instanceof ResourceError) {
        return new RunFailure(RESOURCE_ERROR, cause.getMessage());
      }
    }
    for (Throwable cause : chain) {
      if (cause instanceof OutOfMemoryError) {
        return new RunFailure(
            RESOURCE_ERROR,
            "Cannot go on: memory gave out, "
                + cause.getMessage()
                + "\n  Set ICON_DRIVER_MEMORY to more, or --batch-tokens to less.");
      }
      if (FullDisk.isMeant(cause)) {
        return new RunFailure(
            RESOURCE_ERROR,
            "Cannot go on: the disk is full, "
                + cause.getMessage().lines().findFirst().orElse("")
                + "\n  Make room there, then run the same command again: it goes on where it was.");
      }
      if (cause instanceof IOException io && FileSystems.isUnreachable(io)) {
        return new RunFailure(
            RESOURCE_ERROR,
            "Cannot go on: a machine does not answer, "
                + String.valueOf(cause.getMessage()).lines().findFirst().orElse("")
                + "\n  Check that it runs, then run the same command again.");
      }
    }
    for (Throwable cause : chain) {
      // Spark's own words when a signal or another thread stopped the context under a job.
      if (String.valueOf(cause.getMessage()).contains("SparkContext was shut down")) {
        return new RunFailure(
            RESOURCE_ERROR,
            "Cannot go on: the run was stopped from outside.\n  The same command takes it up.");
      }
    }
    return new RunFailure(BUG, "icon failed by a mistake of its own: " + thrown);
  }

  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = thrown; t != null && chain.size() < DEEPEST_CAUSE; t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }
}

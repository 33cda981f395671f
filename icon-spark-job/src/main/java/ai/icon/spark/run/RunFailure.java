package ai.icon.spark.run;

import static java.util.Objects.requireNonNull;

import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import ai.icon.spark.rows.FileSystems;
import ai.icon.spark.rows.FullDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  /** What Spark's master or scheduler says when executors were lost too often. */
  private static final Pattern LOST_EXECUTORS =
      Pattern.compile(
          "ExecutorLostFailure|FetchFailedException|maximum allowable number of times"
              + "|Master removed our application|All masters are unresponsive");

  private static final Pattern FAILED_TASK =
      Pattern.compile("Task \\S+ in stage \\S+ failed (\\d+) times");

  /** Checks that there is something to say. */
  public RunFailure {
    requireNonNull(message, "message");
  }

  /** Judges a throwable. */
  public static RunFailure of(Throwable thrown) {
    List<Throwable> chain = chain(thrown);
    Optional<RuntimeException> mendable = mendable(thrown);
    if (mendable.isPresent()) {
      boolean isUsers = mendable.get() instanceof UserError;
      return new RunFailure(
          isUsers ? USER_ERROR : RESOURCE_ERROR, String.valueOf(mendable.get().getMessage()));
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
    return ofSpark(chain)
        .orElseGet(() -> new RunFailure(BUG, "icon failed by a mistake of its own: " + thrown));
  }

  /** What Spark says in words of its own: there are no classes to tell it by. */
  private static Optional<RunFailure> ofSpark(List<Throwable> chain) {
    for (Throwable cause : chain) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("SparkContext was shut down")) {
        // A signal or another thread stopped the context under a job.
        return Optional.of(resource("the run was stopped from outside."));
      }
      if (LOST_EXECUTORS.matcher(message).find()) {
        return Optional.of(
            resource("Spark lost executors and gave up: " + firstLine(message) + "."));
      }
      Matcher failed = FAILED_TASK.matcher(message);
      if (failed.find()) {
        return chain.stream()
            .filter(one -> one instanceof IOException || one instanceof UncheckedIOException)
            .findFirst()
            .map(
                io ->
                    resource(
                        "a task could not read or write, %s times: %s."
                            .formatted(failed.group(1), firstLine(io.getMessage()))));
      }
    }
    return Optional.empty();
  }

  private static RunFailure resource(String what) {
    return new RunFailure(
        RESOURCE_ERROR,
        "Cannot go on: "
            + what
            + "\n  The same command takes it up behind its last finished shard.");
  }

  private static String firstLine(String message) {
    return String.valueOf(message).lines().findFirst().orElse("");
  }

  /** The {@link UserError} or {@link ResourceError} in a throwable; empty if there is none. */
  public static Optional<RuntimeException> mendable(Throwable thrown) {
    return chain(thrown).stream()
        .filter(cause -> cause instanceof UserError || cause instanceof ResourceError)
        .map(RuntimeException.class::cast)
        .findFirst();
  }

  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = thrown; t != null && chain.size() < DEEPEST_CAUSE; t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }
}

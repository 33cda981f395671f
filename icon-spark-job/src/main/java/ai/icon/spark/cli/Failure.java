package ai.icon.spark.cli;

import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a throwable means to the user. Spark wraps what a task threw, so the whole chain of causes
 * is searched for an error that the user can do something about.
 *
 * @param code how the process ends
 * @param message what to print
 */
record Failure(ExitCode code, String message) {
  private static final int DEEPEST_CAUSE = 50;

  /** Judges a throwable. */
  static Failure of(Throwable thrown) {
    List<Throwable> chain = chain(thrown);
    for (Throwable cause : chain) {
      if (cause instanceof UserError) {
        return new Failure(ExitCode.USER_ERROR, cause.getMessage());
      }
      if (cause instanceof ResourceError) {
        return new Failure(ExitCode.RESOURCE_ERROR, cause.getMessage());
      }
    }
    for (Throwable cause : chain) {
      if (cause instanceof OutOfMemoryError) {
        return new Failure(
            ExitCode.RESOURCE_ERROR,
            "Cannot go on: memory gave out, "
                + cause.getMessage()
                + "\n  Set ICON_DRIVER_MEMORY to more, or --batch-tokens to less.");
      }
      if (cause instanceof IOException
          && String.valueOf(cause.getMessage()).contains("No space left")) {
        return new Failure(
            ExitCode.RESOURCE_ERROR,
            "Cannot go on: the disk is full, "
                + cause.getMessage()
                + "\n  Make room, then run again.");
      }
    }
    for (Throwable cause : chain) {
      // Spark's own words when a signal or another thread stopped the context under a job.
      if (String.valueOf(cause.getMessage()).contains("SparkContext was shut down")) {
        return new Failure(
            ExitCode.RESOURCE_ERROR,
            "Cannot go on: the run was stopped from outside.\n  The same command takes it up.");
      }
    }
    return new Failure(ExitCode.BUG, "icon failed by a mistake of its own: " + thrown);
  }

  /** Prints it; of a bug the stack trace too, or the name of the file that holds it. */
  void print(Throwable thrown, PrintStream err, boolean verbose) {
    err.println("icon: " + message);
    if (verbose) {
      thrown.printStackTrace(err);
    } else if (code == ExitCode.BUG) {
      err.println("  The stack trace is in " + written(thrown) + "; --verbose shows it here.");
    }
  }

  private static Path written(Throwable thrown) {
    try {
      Path log = Files.createTempFile("icon-", ".log");
      try (PrintWriter writer =
          new PrintWriter(Files.newBufferedWriter(log, StandardCharsets.UTF_8))) {
        thrown.printStackTrace(writer);
      }
      return log;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the stack trace", e);
    }
  }

  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = thrown; t != null && chain.size() < DEEPEST_CAUSE; t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }
}

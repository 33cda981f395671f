package ai.icon.spark.cli;

import ai.icon.spark.run.RunFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a throwable means to the user.
 *
 * @param code how the process ends
 * @param message what to print
 */
record Failure(ExitCode code, String message) {
  /** Judges a throwable. */
  static Failure of(Throwable thrown) {
    RunFailure failure = RunFailure.of(thrown);
    return new Failure(ExitCode.of(failure.exitCode()), failure.message());
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
}

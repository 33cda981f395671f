package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.io.IOException;
import java.nio.file.Path;

/** What is said of files that the system does not let us read, or that are damaged. */
final class Unreadable {
  private Unreadable() {}

  /** The system refused. */
  static UserError file(Path file, IOException cause) {
    return new UserError(
        "Cannot read %s: %s (%s)"
            .formatted(file, cause.getMessage(), cause.getClass().getSimpleName()),
        "Check that the file is there, whole, and that you may read it.",
        cause);
  }

  /** The bytes are not what the format demands. */
  static UserError weights(Path file, String why) {
    return new UserError("Cannot read weights %s: %s".formatted(file, why), weightsCure());
  }

  /** As {@link #weights(Path, String)}, with what the message was made from. */
  static UserError weights(Path file, String why, Exception cause) {
    return new UserError("Cannot read weights %s: %s".formatted(file, why), weightsCure(), cause);
  }

  private static String weightsCure() {
    return "Download the file again and compare its size and SHA-256 with those of its publisher.";
  }
}

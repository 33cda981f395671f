package ai.icon.spark.rows;

import ai.icon.error.ResourceError;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/** A disk or quota that is full, told with the file that was being written and the cure. */
public final class FullDisk {
  private FullDisk() {}

  /** Something that writes. */
  @FunctionalInterface
  interface Writing<T> {
    T run() throws IOException;
  }

  /**
   * Writes a file.
   *
   * @throws ResourceError if there is no room for it
   * @throws IOException if it fails otherwise; Hadoop's local disk throws errors, which are turned
   */
  static <T> T told(Path file, Writing<T> writing) throws IOException {
    try {
      return writing.run();
    } catch (IOException e) {
      refuse(file, e);
      throw e;
    } catch (FSError e) {
      refuse(file, e);
      throw new IOException("Cannot write " + file + ": " + e, e);
    }
  }

  /** Whether a failure says that there is no room; by its words, since a task's comes as text. */
  public static boolean isMeant(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("no space left")
        || message.contains("quota exceeded")
        || message.contains("quotaexceeded");
  }

  private static void refuse(Path file, Throwable e) {
    if (isMeant(e)) {
      throw new ResourceError(
          "Cannot write " + file + ": the disk is full, " + e.getMessage(),
          "Make room there, then run the same command again: it goes on where it was",
          e);
    }
  }
}

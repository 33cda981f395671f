package ai.icon.sample;

import static java.util.Objects.requireNonNull;

/**
 * One example of an assessment file.
 *
 * @param id its content hash, or the value of the column that the user named
 * @param source the file it came from
 * @param line the line or row, from 1
 * @param group its task; {@value #NO_GROUP} where the file names none
 * @param text what it says
 */
public record AssessedSample(String id, String source, long line, String group, AssessedText text) {
  /** The group of examples whose file names none. */
  public static final String NO_GROUP = "all";

  /** Checks that every part is given, id and group are not empty and the line is from 1. */
  public AssessedSample {
    requireNonNull(source, "source");
    requireNonNull(text, "text");
    if (id.isEmpty() || group.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid assessed example: neither id nor group may be empty");
    }
    if (line < 1) {
      throw new IllegalArgumentException(
          "Invalid assessed example: lines count from 1, got " + line);
    }
  }
}

package ai.icon.sample;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * One sample of a pool or an assessment file.
 *
 * @param id its content hash, or the value of the column that the user named
 * @param source the file or table it came from
 * @param line the line (JSONL), the line where the object starts (JSON array) or the row from 1
 * @param body what it says
 * @param raw the object as it came in, as compact JSON: nothing of it is lost on the way
 */
public record Sample(String id, String source, long line, SampleBody body, String raw)
    implements Serializable {
  /** Checks that every part is given, the id is not empty and the line is from 1. */
  public Sample {
    requireNonNull(source, "source");
    requireNonNull(body, "body");
    requireNonNull(raw, "raw");
    if (id.isEmpty()) {
      throw new IllegalArgumentException("Invalid sample: the id must not be empty");
    }
    if (line < 1) {
      throw new IllegalArgumentException("Invalid sample: lines count from 1, got " + line);
    }
  }
}

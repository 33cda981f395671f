package ai.icon.sample;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * A row that cannot be used, and why.
 *
 * @param source the file or table it came from
 * @param line the line or row, from 1, as in {@link Sample}
 * @param reason why, as one of the fixed codes
 * @param message why, with values
 * @param raw the row as it came in, cut to its first {@value #MAX_RAW} characters (one less where
 *     the cut would part a surrogate pair); bytes that are not UTF-8 become U+FFFD
 */
public record Reject(String source, long line, RejectReason reason, String message, String raw)
    implements Serializable {
  /** Most characters (UTF-16 units) of a rejected row that are kept. */
  public static final int MAX_RAW = 4_096;

  /** Checks that every part is given and the line is from 1; cuts the raw text. */
  public Reject {
    requireNonNull(source, "source");
    requireNonNull(reason, "reason");
    requireNonNull(message, "message");
    if (line < 1) {
      throw new IllegalArgumentException("Invalid reject: lines count from 1, got " + line);
    }
    raw = cut(raw);
  }

  private static String cut(String raw) {
    if (raw.length() <= MAX_RAW) {
      return raw;
    }
    boolean partsPair =
        Character.isHighSurrogate(raw.charAt(MAX_RAW - 1))
            && Character.isLowSurrogate(raw.charAt(MAX_RAW));
    return raw.substring(0, partsPair ? MAX_RAW - 1 : MAX_RAW);
  }
}

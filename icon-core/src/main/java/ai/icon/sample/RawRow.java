package ai.icon.sample;

import java.util.Arrays;

/** The bytes of one row as a file holds them. */
sealed interface RawRow {
  long line();

  /** A row with both its ends. */
  record Whole(long line, byte[] bytes) implements RawRow {}

  /** A row that was cut off, or too long to be kept whole. */
  record Broken(long line, byte[] bytes, UnusableRow fault) implements RawRow {
    static Broken of(long line, byte[] bytes, UnusableRow fault) {
      // At most four bytes become a character, and no more than MAX_RAW are kept.
      return new Broken(
          line, Arrays.copyOf(bytes, Math.min(bytes.length, 4 * Reject.MAX_RAW)), fault);
    }
  }
}

package ai.icon.selection;

import java.io.Serializable;
import java.util.List;

/**
 * Ranges of score keys, best first, cut at boundaries that depend on the scores alone: the same
 * pool falls into the same ranges on every cluster. Immutable.
 *
 * @param boundaries first keys of all ranges but the first, rising as unsigned numbers
 */
public record KeyRanges(List<Long> boundaries) implements Serializable {
  /** Copies the boundaries and checks that they rise. */
  public KeyRanges {
    boundaries = List.copyOf(boundaries);
    for (int i = 1; i < boundaries.size(); i++) {
      if (Long.compareUnsigned(boundaries.get(i - 1), boundaries.get(i)) >= 0) {
        throw new IllegalArgumentException(
            "Invalid key ranges: boundaries must rise, got "
                + Long.toHexString(boundaries.get(i - 1))
                + " before "
                + Long.toHexString(boundaries.get(i)));
      }
    }
  }

  /** How many ranges there are: one more than boundaries. */
  public int count() {
    return boundaries.size() + 1;
  }

  /**
   * The range of a score.
   *
   * @return from 0 (the best scores) to {@code count() - 1}
   */
  public int of(double score) {
    long key = ScoreKey.of(score);
    int low = 0;
    int high = boundaries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(key, boundaries.get(middle)) < 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}

package ai.icon.contribution;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The lengths at which control losses are measured: 1, and then each 1.25 times the one before,
 * rounded up, up to the longest demonstration that can occur, which is the last (method.md,
 * Control). The grid depends on that limit alone and never on the candidates.
 */
public final class LengthBuckets implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final NavigableSet<Integer> grid = new TreeSet<>();
  private final int maxLength;

  /**
   * @param maxLength tokens of the longest demonstration that can occur, at least 1. The last
   *     bucket is not above it, so that a control fits wherever a demonstration fits
   */
  public LengthBuckets(int maxLength) {
    if (maxLength < 1) {
      throw new IllegalArgumentException(
          "Invalid longest demonstration: must be at least 1 token, got " + maxLength);
    }
    this.maxLength = maxLength;
    // ceil(1.25 b) = b + ceil(b / 4), in long because the last step may pass the largest int.
    for (long bucket = 1; bucket < maxLength; bucket += (bucket + 3) / 4) {
      grid.add((int) bucket);
    }
    grid.add(maxLength);
  }

  /** The largest bucket that is not above the length; equal to it at a bucket. */
  public int floor(int length) {
    checkLength(length);
    return grid.floor(length);
  }

  /** The smallest bucket that is not below the length; equal to it at a bucket. */
  public int ceiling(int length) {
    checkLength(length);
    return grid.ceiling(length);
  }

  /** Whether a length is a bucket. */
  public boolean contains(int length) {
    return grid.contains(length);
  }

  /** All buckets, ascending, tokens. */
  public List<Integer> all() {
    return List.copyOf(grid);
  }

  private void checkLength(int length) {
    if (length < 1 || length > maxLength) {
      throw new IllegalArgumentException(
          "Invalid demonstration length: must be in [1, " + maxLength + "] tokens, got " + length);
    }
  }
}

package ai.icon.selection;

/**
 * A score as a 64-bit number whose unsigned order is the ranking's: a better score has a smaller
 * key, equal scores have equal keys. So a ranking can be cut by counting leading bits.
 */
public final class ScoreKey {
  private ScoreKey() {}

  /**
   * The key of a score; {@code -0.0} has the key of {@code 0.0}.
   *
   * @param score any number, infinities included
   * @throws IllegalArgumentException if it is NaN
   */
  public static long of(double score) {
    if (Double.isNaN(score)) {
      throw new IllegalArgumentException("Invalid score: must be a number, got NaN");
    }
    // Adding 0.0 turns -0.0 into 0.0 and changes nothing else.
    long bits = Double.doubleToRawLongBits(score + 0.0);
    // IEEE 754 orders by magnitude: the positive half is turned round, the negative half is not.
    return bits >= 0 ? ~(bits | Long.MIN_VALUE) : bits;
  }

  /** The score of a key: the inverse of {@link #of}. */
  public static double score(long key) {
    return Double.longBitsToDouble(key >= 0 ? ~(key | Long.MIN_VALUE) : key);
  }
}

package ai.icon.selection;

import java.io.Serializable;

/**
 * Which of the 65,536 bins of a {@link ScoreHistogram} a key falls into: the next 16 bits behind
 * those that all counted keys share. Immutable and small, so that whatever counts, a query engine
 * too, can carry it to its rows.
 *
 * @param prefixBits leading bits that all counted keys share: 0, 16, 32 or 48
 * @param prefix the smallest key with those bits
 */
public record ScoreBins(int prefixBits, long prefix) implements Serializable {
  /** What {@link #of} gives for a key with other leading bits. */
  public static final int OUTSIDE = -1;

  static final int BITS = 16;
  static final int COUNT = 1 << BITS;

  /** Checks that the bits are whole steps. */
  public ScoreBins {
    if (prefixBits < 0 || prefixBits % BITS != 0 || prefixBits >= Long.SIZE) {
      throw new IllegalArgumentException(
          "Invalid bins: shared bits must be 0, 16, 32 or 48, got " + prefixBits);
    }
  }

  /** All keys by their first 16 bits. */
  public static ScoreBins all() {
    return new ScoreBins(0, 0L);
  }

  /**
   * The bin of a key.
   *
   * @return from 0 (the smallest keys, the best scores), or {@link #OUTSIDE}
   */
  public int of(long key) {
    boolean isInside = prefixBits == 0 || (key ^ prefix) >>> (Long.SIZE - prefixBits) == 0;
    return isInside ? (int) (key >>> shift()) & (COUNT - 1) : OUTSIDE;
  }

  long firstKey(int bin) {
    return prefix | ((long) bin << shift());
  }

  long lastKey(int bin) {
    return firstKey(bin) | ((1L << shift()) - 1);
  }

  /**
   * The bins that divide a cut's boundary bin by the next 16 bits.
   *
   * @param cut one that a histogram of these bins gave
   * @throws IllegalArgumentException if the bin holds one key only, or the cut is of other bins
   */
  public ScoreBins finer(Cut cut) {
    if (prefixBits + BITS == Long.SIZE) {
      throw new IllegalArgumentException(
          "Cannot refine: the bin holds the one score " + ScoreKey.score(cut.firstKey()));
    }
    int bin = of(cut.firstKey());
    if (bin == OUTSIDE || firstKey(bin) != cut.firstKey() || lastKey(bin) != cut.lastKey()) {
      throw new IllegalArgumentException("Cannot refine: the cut is not of this histogram");
    }
    return new ScoreBins(prefixBits + BITS, cut.firstKey());
  }

  private int shift() {
    return Long.SIZE - BITS - prefixBits;
  }
}

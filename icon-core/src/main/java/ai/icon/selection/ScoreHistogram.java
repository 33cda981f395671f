package ai.icon.selection;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts scores by 16 bits of their {@link ScoreKey}, best first, so that a pool of any size can be
 * cut exactly at its k-th best sample without being sorted: histogram, {@link #cut}, then only the
 * boundary bin is looked at. A bin that is still too large is {@linkplain #refine refined} by the
 * next 16 bits, at most three times; then its samples have one and the same score.
 *
 * <p>Mutable, not thread-safe, serialisable: one per partition, {@linkplain #merge merged} in any
 * order with the same result. About 1 MiB.
 */
public final class ScoreHistogram implements Serializable {
  private static final long serialVersionUID = 2L;

  private final ScoreBins bins;
  private final long[] counts = new long[ScoreBins.COUNT];
  private final long[] weights = new long[ScoreBins.COUNT];

  /** An empty histogram of all scores by the first 16 bits of their keys. */
  public ScoreHistogram() {
    this(ScoreBins.all());
  }

  /** An empty histogram of the keys that some bins hold. */
  public ScoreHistogram(ScoreBins bins) {
    this.bins = requireNonNull(bins, "bins");
  }

  /** Which bin a key falls into, for counting elsewhere and {@link #addBin}. */
  public ScoreBins bins() {
    return bins;
  }

  /**
   * An empty histogram of the scores in a cut's boundary bin alone, by the next 16 bits.
   *
   * @param cut one that this histogram gave
   * @throws IllegalArgumentException if the bin holds one score only
   */
  public ScoreHistogram refine(Cut cut) {
    return new ScoreHistogram(bins.finer(cut));
  }

  /**
   * Counts a sample; a refined histogram passes over what lies outside its bin.
   *
   * @param score not NaN
   * @param weight its tokens, at least 0
   * @return this
   */
  public ScoreHistogram add(double score, long weight) {
    if (weight < 0) {
      throw new IllegalArgumentException("Invalid weight: must be at least 0, got " + weight);
    }
    int bin = bins.of(ScoreKey.of(score));
    return bin == ScoreBins.OUTSIDE ? this : addBin(bin, 1, weight);
  }

  /**
   * Adds what was counted elsewhere by {@link #bins}. The keys may be others than those of scores:
   * whatever is cut in the order of 64-bit unsigned numbers, such as {@link RankingOrder#tieBreak}.
   *
   * @param bin from 0 to 65,535
   * @param count samples, at least 0
   * @param weight their summed weight, at least 0
   * @return this
   */
  public ScoreHistogram addBin(int bin, long count, long weight) {
    counts[bin] += count;
    weights[bin] = Math.addExact(weights[bin], weight);
    return this;
  }

  /**
   * Adds the counts of another histogram of the same scores' range.
   *
   * @return this
   */
  public ScoreHistogram merge(ScoreHistogram other) {
    if (!bins.equals(other.bins)) {
      throw new IllegalArgumentException(
          "Cannot merge histograms: they count different ranges of scores");
    }
    for (int bin = 0; bin < ScoreBins.COUNT; bin++) {
      counts[bin] += other.counts[bin];
      weights[bin] = Math.addExact(weights[bin], other.weights[bin]);
    }
    return this;
  }

  /** Samples counted. */
  public long count() {
    return Arrays.stream(counts).sum();
  }

  /** Summed weight of the samples counted. */
  public long weight() {
    return Arrays.stream(weights).reduce(0, Math::addExact);
  }

  /**
   * Finds the bin of the k-th best sample.
   *
   * @param k from 1 to {@link #count()}
   * @return a cut whose {@code remaining} counts samples, at least 1
   */
  public Cut cut(long k) {
    if (k < 1 || k > count()) {
      throw new IllegalArgumentException(
          "Invalid k: must be from 1 to " + count() + " samples, got " + k);
    }
    long above = 0;
    long weightAbove = 0;
    int bin = 0;
    while (above + counts[bin] < k) {
      above += counts[bin];
      weightAbove += weights[bin];
      bin++;
    }
    return cutAt(bin, above, weightAbove, k - above);
  }

  /**
   * Finds the bin in which the longest prefix of the ranking whose weight is within the budget
   * ends. A prefix: what follows the first sample that does not fit is left out even where it would
   * fit, so that a smaller selection lies inside a larger one.
   *
   * @param budget summed weight, at least 1
   * @return a cut whose {@code remaining} is weight; where everything fits, the last bin in use
   *     with all of its weight remaining
   * @throws IllegalArgumentException if nothing is counted or the budget is below 1
   */
  public Cut cutByWeight(long budget) {
    if (budget < 1 || count() == 0) {
      throw new IllegalArgumentException(
          "Invalid cut: budget and samples must be at least 1, got " + budget + " and " + count());
    }
    int last = ScoreBins.COUNT - 1;
    while (counts[last] == 0) {
      last--;
    }
    long above = 0;
    long weightAbove = 0;
    int bin = 0;
    while (bin < last && weights[bin] <= budget - weightAbove) {
      above += counts[bin];
      weightAbove += weights[bin];
      bin++;
    }
    return cutAt(bin, above, weightAbove, Math.min(weights[bin], budget - weightAbove));
  }

  /**
   * Keys that split the counted samples, best first, into about equal ranges. They depend on the
   * scores alone. A range is larger than its share by less than one bin; where one bin holds
   * several shares there are fewer ranges.
   *
   * @param parts ranges wanted, at least 1
   * @return at most {@code parts - 1} keys, each the first of its range, rising as unsigned numbers
   */
  public List<Long> boundaries(int parts) {
    if (parts < 1) {
      throw new IllegalArgumentException("Invalid parts: must be at least 1, got " + parts);
    }
    long total = count();
    List<Long> boundaries = new ArrayList<>();
    long before = 0;
    int part = 1;
    for (int bin = 0; bin < ScoreBins.COUNT - 1; bin++) {
      before += counts[bin];
      boolean full = false;
      while (part < parts && before * parts >= total * part) {
        part++;
        full = true;
      }
      if (full && before < total) {
        boundaries.add(bins.firstKey(bin + 1));
      }
    }
    return List.copyOf(boundaries);
  }

  private Cut cutAt(int bin, long above, long weightAbove, long remaining) {
    return new Cut(
        bins.firstKey(bin),
        bins.lastKey(bin),
        above,
        weightAbove,
        remaining,
        counts[bin],
        weights[bin]);
  }
}

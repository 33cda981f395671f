package ai.icon.contribution;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The control loss ℓ(S|R_L) for every length L, from the buckets that were measured (method.md,
 * Control). Immutable, safe for several threads.
 */
public final class ControlLosses {
  private final LengthBuckets buckets;
  private final Map<Integer, double[]> meanByBucket = new HashMap<>();

  /**
   * @param buckets the grid that the rows were drawn on
   * @param assessedExamples size of the assessment set
   * @param rows all draws of a bucket for all assessed examples, in any order
   * @throws IllegalArgumentException if a row is there twice or names no draw, bucket or example
   * @throws IllegalStateException if a bucket's rows are not complete
   */
  public ControlLosses(LengthBuckets buckets, int assessedExamples, Collection<ControlLoss> rows) {
    this.buckets = buckets;
    Map<Integer, List<ControlLoss>> byBucket = new HashMap<>();
    for (ControlLoss row : rows) {
      checkRow(row, assessedExamples);
      byBucket.computeIfAbsent(row.bucket(), bucket -> new ArrayList<>()).add(row);
    }
    byBucket.forEach(
        (bucket, inBucket) -> meanByBucket.put(bucket, means(inBucket, assessedExamples)));
  }

  /**
   * ℓ(S|R_L): the mean over the draws at a bucket, linear in log length between two.
   *
   * @param assessedIndex place of the example in its assessment set
   * @param length L, tokens of the demonstration
   * @return nats per token; not finite if a loss it comes from is not
   * @throws IllegalStateException if a bucket beside the length was not measured
   */
  public double controlNll(int assessedIndex, int length) {
    int shorter = buckets.floor(length);
    int longer = buckets.ceiling(length);
    double below = mean(shorter, assessedIndex);
    if (shorter == longer) {
      return below;
    }
    double above = mean(longer, assessedIndex);
    double share = Math.log((double) length / shorter) / Math.log((double) longer / shorter);
    return below + share * (above - below);
  }

  private double mean(int bucket, int assessedIndex) {
    double[] means = meanByBucket.get(bucket);
    if (means == null) {
      throw new IllegalStateException(
          "Cannot take a control loss: no control of " + bucket + " tokens was measured");
    }
    return means[assessedIndex];
  }

  /** Adds in the order of the draws, so that the order of the rows never reaches a sum. */
  private static double[] means(List<ControlLoss> rows, int assessedExamples) {
    int expected = ControlBank.DRAWS * assessedExamples;
    rows.sort(
        Comparator.comparingInt(ControlLoss::draw).thenComparingInt(ControlLoss::assessedIndex));
    double[] sums = new double[assessedExamples];
    for (int i = 0; i < rows.size(); i++) {
      ControlLoss row = rows.get(i);
      if (i > 0 && isSamePlace(row, rows.get(i - 1))) {
        throw new IllegalArgumentException("Invalid control losses: twice the same row, " + row);
      }
      sums[row.assessedIndex()] += row.nll();
    }
    if (rows.size() != expected) {
      throw new IllegalStateException(
          "Cannot take control losses of "
              + rows.get(0).bucket()
              + " tokens: "
              + expected
              + " rows are needed, got "
              + rows.size());
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= ControlBank.DRAWS;
    }
    return sums;
  }

  private static boolean isSamePlace(ControlLoss one, ControlLoss other) {
    return one.draw() == other.draw() && one.assessedIndex() == other.assessedIndex();
  }

  private void checkRow(ControlLoss row, int assessedExamples) {
    boolean known =
        buckets.contains(row.bucket())
            && row.draw() >= 0
            && row.draw() < ControlBank.DRAWS
            && row.assessedIndex() >= 0
            && row.assessedIndex() < assessedExamples;
    if (!known) {
      throw new IllegalArgumentException(
          "Invalid control loss: bucket, draw or example is unknown, got " + row);
    }
  }
}

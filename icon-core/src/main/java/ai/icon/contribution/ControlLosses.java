package ai.icon.contribution;

import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The control loss ℓ(S|R_L) for every length L, from the buckets that were measured (method.md,
 * Control). Immutable, safe for several threads.
 */
public final class ControlLosses implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

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

  /**
   * Means over the draws, [examples]. Added in the order of the draws, so that the order of the
   * rows never reaches a sum; taken from the first draw on, so that equal losses have exactly
   * themselves as mean and a demonstration that changes nothing contributes exactly 0.
   */
  private static double[] means(List<ControlLoss> rows, int assessedExamples) {
    double[][] nll = byDraw(rows, assessedExamples); // [draws, examples]
    double[] means = new double[assessedExamples];
    for (int i = 0; i < assessedExamples; i++) {
      double first = nll[0][i];
      double beyond = 0;
      for (int draw = 1; draw < nll.length; draw++) {
        beyond += nll[draw][i] - first;
      }
      means[i] = first + beyond / nll.length;
    }
    return means;
  }

  private static double[][] byDraw(List<ControlLoss> rows, int assessedExamples) {
    double[][] nll = new double[ControlBank.DRAWS][assessedExamples];
    boolean[][] placed = new boolean[ControlBank.DRAWS][assessedExamples];
    for (ControlLoss row : rows) {
      if (placed[row.draw()][row.assessedIndex()]) {
        throw new IllegalArgumentException("Invalid control losses: twice the same row, " + row);
      }
      placed[row.draw()][row.assessedIndex()] = true;
      nll[row.draw()][row.assessedIndex()] = row.nll();
    }
    int needed = ControlBank.DRAWS * assessedExamples;
    if (rows.size() != needed) {
      throw new IllegalStateException(
          "Cannot take control losses of "
              + rows.get(0).bucket()
              + " tokens: "
              + needed
              + " rows are needed, got "
              + rows.size());
    }
    return nll;
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

package ai.icon.selector;

import java.util.Arrays;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

/**
 * How well predictions agree with measured contributions. NaN where a figure is not defined: fewer
 * than two examples, or all measured equal; for the correlation also all predictions equal.
 *
 * @param rankCorrelation Spearman's, ties by their mean rank, in [-1, 1]
 * @param auroc chance that a good example is predicted above another one, ties half, in [0, 1];
 *     good are those at or above the (1−p) quantile of the measured
 * @param recallAtBudget share of the good examples among as many with the best predictions;
 *     expected value where predictions tie at the edge, in [0, 1]
 */
public record Agreement(double rankCorrelation, double auroc, double recallAtBudget) {
  /**
   * Compares example by example.
   *
   * @param measured finite [examples]
   * @param predicted finite [examples]
   * @param labelShare p, in (0, 1]; at least one example is good
   */
  static Agreement of(double[] measured, double[] predicted, double labelShare) {
    if (measured.length < 2 || Arrays.stream(measured).allMatch(m -> m == measured[0])) {
      return new Agreement(Double.NaN, Double.NaN, Double.NaN);
    }
    boolean[] good = good(measured, labelShare);
    return new Agreement(
        new SpearmansCorrelation().correlation(measured, predicted),
        auroc(good, predicted),
        recall(good, predicted));
  }

  /** The floor(p · n) best, at least one, and whatever ties with the last of them. */
  private static boolean[] good(double[] measured, double labelShare) {
    int count = Math.max(1, (int) Math.floor(labelShare * measured.length));
    double threshold = largest(measured, count);
    boolean[] good = new boolean[measured.length];
    for (int i = 0; i < good.length; i++) {
      good[i] = measured[i] >= threshold;
    }
    return good;
  }

  /** Mann and Whitney's U over the number of pairs. */
  private static double auroc(boolean[] good, double[] predicted) {
    double[] ranks = new NaturalRanking(TiesStrategy.AVERAGE).rank(predicted);
    double rankSum = 0;
    double positives = 0;
    for (int i = 0; i < good.length; i++) {
      if (good[i]) {
        rankSum += ranks[i];
        positives++;
      }
    }
    double pairs = positives * (good.length - positives);
    return (rankSum - positives * (positives + 1) / 2) / pairs; // 0 / 0 = NaN: all are good
  }

  private static double recall(boolean[] good, double[] predicted) {
    int positives = 0;
    for (boolean isGood : good) {
      positives += isGood ? 1 : 0;
    }
    double edge = largest(predicted, positives);
    double aboveEdge = 0;
    double goodAboveEdge = 0;
    double atEdge = 0;
    double goodAtEdge = 0;
    for (int i = 0; i < good.length; i++) {
      if (predicted[i] > edge) {
        aboveEdge++;
        goodAboveEdge += good[i] ? 1 : 0;
      } else if (predicted[i] == edge) {
        atEdge++;
        goodAtEdge += good[i] ? 1 : 0;
      }
    }
    double shareOfEdge = (positives - aboveEdge) / atEdge;
    return (goodAboveEdge + shareOfEdge * goodAtEdge) / positives;
  }

  /** The k-th largest value, k from 1. */
  private static double largest(double[] values, int k) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - k];
  }
}

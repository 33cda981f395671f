package ai.icon.selector;

import java.util.Arrays;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * Where the bulk of some contributions lies: Tukey's far fences, three interquartile ranges below
 * the lower and above the upper quartile. A contribution made of perplexities has no lower bound –
 * one over-long demonstration can stand a thousand times below all others – and least squares would
 * learn of nothing else.
 *
 * @param low lower fence
 * @param high upper fence
 */
record Fences(double low, double high) {
  private static final double RANGES = 3;

  /**
   * The fences of some values. Where the quartiles are equal nothing is fenced.
   *
   * @param values finite, at least one
   */
  static Fences of(double[] values) {
    Percentile quartiles = new Percentile().withEstimationType(Percentile.EstimationType.R_7);
    quartiles.setData(values);
    double lower = quartiles.evaluate(25);
    double upper = quartiles.evaluate(75);
    double reach = RANGES * (upper - lower);
    return reach > 0
        ? new Fences(lower - reach, upper + reach)
        : new Fences(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** The nearest value inside. */
  double clip(double value) {
    return Math.max(low, Math.min(high, value));
  }

  boolean holds(double value) {
    return value >= low && value <= high;
  }

  /** How many values lie outside. */
  int outside(double[] values) {
    return (int) Arrays.stream(values).filter(value -> !holds(value)).count();
  }
}

package ai.icon.selector;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A linear model of standardised features: {@code intercept + Σ weights · (x − mean) / scale}.
 * Immutable: arrays are copied on the way in and out.
 *
 * @param weights of the standardised features [features]
 * @param intercept the prediction at the mean
 * @param mean of the training features [features]
 * @param scale standard deviation of the training features, 1 where they are constant [features]
 * @param penalty λ of the fit; 0 for a constant model
 * @param leaveOneOutError mean squared leave-one-out residual at that penalty; NaN if there was one
 *     example only
 */
public record RidgeModel(
    double[] weights,
    double intercept,
    double[] mean,
    double[] scale,
    double penalty,
    double leaveOneOutError)
    implements Serializable {
  /** Checks shapes and that every number can be computed with; copies the arrays. */
  public RidgeModel {
    if (mean.length != weights.length || scale.length != weights.length) {
      throw new IllegalArgumentException(
          "Invalid ridge model: weights, mean and scale must have one length, got "
              + weights.length
              + ", "
              + mean.length
              + " and "
              + scale.length);
    }
    weights = finite("weights", weights.clone());
    mean = finite("mean", mean.clone());
    scale = finite("scale", scale.clone());
    if (Arrays.stream(scale).anyMatch(s -> s <= 0)) {
      throw new IllegalArgumentException("Invalid ridge model: every scale must be above 0");
    }
    if (!Double.isFinite(intercept) || !(penalty >= 0)) {
      throw new IllegalArgumentException(
          "Invalid ridge model: the intercept must be finite and the penalty at least 0, got "
              + intercept
              + " and "
              + penalty);
    }
  }

  /** A model that predicts the same for everything. */
  static RidgeModel constant(double value, double[] mean, double[] scale, double leaveOneOutError) {
    return new RidgeModel(new double[mean.length], value, mean, scale, 0, leaveOneOutError);
  }

  /** Number of features. */
  public int dimension() {
    return weights.length;
  }

  /**
   * The prediction for one example.
   *
   * @param features [dimension]
   */
  public double predict(double[] features) {
    checkDimension(features.length);
    double sum = intercept;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * ((features[i] - mean[i]) / scale[i]);
    }
    return sum;
  }

  /**
   * The prediction for one example; equal to that of the same numbers as doubles.
   *
   * @param features [dimension]
   */
  public double predict(float[] features) {
    checkDimension(features.length);
    double sum = intercept;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * ((features[i] - mean[i]) / scale[i]);
    }
    return sum;
  }

  @Override
  public double[] weights() {
    return weights.clone();
  }

  @Override
  public double[] mean() {
    return mean.clone();
  }

  @Override
  public double[] scale() {
    return scale.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RidgeModel that
        && Arrays.equals(weights, that.weights)
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(scale, that.scale)
        && Double.compare(intercept, that.intercept) == 0
        && Double.compare(penalty, that.penalty) == 0
        && Double.compare(leaveOneOutError, that.leaveOneOutError) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(weights) + Double.hashCode(intercept);
  }

  @Override
  public String toString() {
    return "RidgeModel[dimension=" + weights.length + ", penalty=" + penalty + "]";
  }

  private void checkDimension(int length) {
    if (length != weights.length) {
      throw new IllegalArgumentException(
          "Cannot predict: the model has " + weights.length + " features, got " + length);
    }
  }

  private static double[] finite(String name, double[] values) {
    if (!Arrays.stream(values).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("Invalid ridge model: " + name + " must be finite");
    }
    return values;
  }
}

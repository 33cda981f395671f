package ai.icon.selector;

import ai.icon.selector.RidgeSpectrum.Form;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Ridge regression in closed form (Hoerl and Kennard 1970): minimises {@code |y − b − Zw|² + λ|w|²}
 * over standardised features Z and an intercept b that is not penalised. The penalty is the one
 * with the smallest leave-one-out error, which is exact and needs no refit: with leverages h and
 * fitted values ŷ of all n examples, the residual of example i had it been left out is {@code (yᵢ −
 * ŷᵢ) / (1 − 1/n − hᵢ)} (Allen's PRESS; Golub, Heath and Wahba 1979). The 1/n is the intercept's.
 *
 * <p>Cost: with r = min(examples n, features d), one product of n·d·r and one eigendecomposition of
 * about 10·r³ floating-point operations on one thread (r = 1,152: about 12 s), then n·r a penalty;
 * memory 8·(n·d + n·r + d·r + 2·r²) bytes. Deterministic: plain Java, one thread, a fixed order of
 * sums.
 */
public final class RidgeRegression {
  /**
   * Penalties as multiples of the mean eigenvalue trace(ZᵀZ) / min(n, d): four a decade from 1e-4
   * (hardly any shrinking) to 1e6 (hardly anything left).
   */
  private static final int STEPS_PER_DECADE = 4;

  private static final int LOWEST_DECADE = -4;
  private static final int HIGHEST_DECADE = 6;

  private RidgeRegression() {}

  /**
   * Fits a model. One example, a constant target or constant features give a constant model.
   *
   * @param features finite [examples, features]
   * @param target finite [examples]
   * @throws IllegalArgumentException if there is no example, the shapes differ, or a number is not
   *     finite
   * @throws ArithmeticException if the eigendecomposition does not converge
   */
  public static RidgeFit fit(double[][] features, double[] target) {
    check(features, target);
    return fit(features, target, features[0].length <= features.length ? Form.PRIMAL : Form.DUAL);
  }

  /** Fits by one form; both give the same model but for rounding. */
  static RidgeFit fit(double[][] features, double[] target, Form form) {
    int examples = target.length;
    Standardised standardised = Standardised.of(features);
    double mean = Arrays.stream(target).sum() / examples;
    DMatrixRMaj centred = new DMatrixRMaj(examples, 1); // y − ȳ [n]
    for (int i = 0; i < examples; i++) {
      centred.set(i, target[i] - mean);
    }
    boolean constantTarget = Arrays.stream(target).allMatch(y -> y == target[0]);
    if (constantTarget || Arrays.stream(standardised.matrix().data).allMatch(z -> z == 0)) {
      return constant(target, constantTarget ? target[0] : mean, standardised);
    }
    RidgeSpectrum spectrum = new RidgeSpectrum(standardised.matrix(), centred, form);
    double unit = spectrum.trace() / Math.min(examples, features[0].length);
    double best = Double.POSITIVE_INFINITY;
    double penalty = 0;
    double[] residuals = {};
    // From strong to weak, so that of equal errors the stronger penalty wins.
    for (int step = HIGHEST_DECADE * STEPS_PER_DECADE;
        step >= LOWEST_DECADE * STEPS_PER_DECADE;
        step--) {
      double candidate = unit * StrictMath.pow(10, (double) step / STEPS_PER_DECADE);
      double[] leftOut = leaveOneOutResiduals(spectrum, centred, candidate);
      double error = meanSquare(leftOut);
      if (error < best) {
        best = error;
        penalty = candidate;
        residuals = leftOut;
      }
    }
    RidgeModel model =
        new RidgeModel(
            spectrum.weights(penalty),
            mean,
            standardised.mean(),
            standardised.scale(),
            penalty,
            best);
    double[] predictions = new double[examples];
    for (int i = 0; i < examples; i++) {
      predictions[i] = target[i] - residuals[i];
    }
    return new RidgeFit(model, predictions);
  }

  private static double[] leaveOneOutResiduals(
      RidgeSpectrum spectrum, DMatrixRMaj centred, double penalty) {
    int examples = centred.numRows;
    double[] fitted = spectrum.fitted(penalty); // ŷ − ȳ [n]
    double[] leverages = spectrum.leverages(penalty); // h [n]
    double[] residuals = new double[examples];
    for (int i = 0; i < examples; i++) {
      residuals[i] = (centred.get(i) - fitted[i]) / (1 - 1.0 / examples - leverages[i]);
    }
    return residuals;
  }

  /** The others' mean is all that a constant model can say of an example that is left out. */
  private static RidgeFit constant(double[] target, double value, Standardised standardised) {
    int examples = target.length;
    double[] predictions = new double[examples];
    double[] residuals = new double[examples];
    for (int i = 0; i < examples; i++) {
      predictions[i] = examples == 1 ? Double.NaN : value + (value - target[i]) / (examples - 1.0);
      residuals[i] = target[i] - predictions[i];
    }
    RidgeModel model =
        RidgeModel.constant(
            value, standardised.mean(), standardised.scale(), meanSquare(residuals));
    return new RidgeFit(model, predictions);
  }

  private static double meanSquare(double[] values) {
    return Arrays.stream(values).map(v -> v * v).sum() / values.length;
  }

  private static void check(double[][] features, double[] target) {
    if (features.length == 0 || features.length != target.length) {
      throw new IllegalArgumentException(
          "Cannot fit: examples and targets must be equally many and at least 1, got "
              + features.length
              + " and "
              + target.length);
    }
    for (int i = 0; i < features.length; i++) {
      if (features[i].length != features[0].length || features[i].length == 0) {
        throw new IllegalArgumentException(
            "Cannot fit: every example must have the same features, at least 1, got "
                + features[0].length
                + " and, in example "
                + i
                + ", "
                + features[i].length);
      }
      if (!Double.isFinite(target[i]) || !Arrays.stream(features[i]).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "Cannot fit: features and target must be finite, those of example " + i + " are not");
      }
    }
  }
}

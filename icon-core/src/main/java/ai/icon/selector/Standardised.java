package ai.icon.selector;

import org.ejml.data.DMatrixRMaj;

/**
 * Features with mean 0 and variance 1 per column, and what made them so.
 *
 * @param matrix Z [examples, features]; a constant column is 0
 * @param mean per column
 * @param scale standard deviation per column (divided by n), 1 where the column is constant
 */
record Standardised(DMatrixRMaj matrix, double[] mean, double[] scale) {
  /** Spread below this share of the mean is rounding, not a feature. */
  private static final double ROUNDING = 1e-12;

  static Standardised of(double[][] features) {
    int examples = features.length;
    int dimension = features[0].length;
    double[] mean = new double[dimension];
    double[] scale = new double[dimension];
    DMatrixRMaj matrix = new DMatrixRMaj(examples, dimension);
    for (int j = 0; j < dimension; j++) {
      double sum = 0;
      for (double[] row : features) {
        sum += row[j];
      }
      mean[j] = sum / examples;
      double squares = 0;
      for (double[] row : features) {
        squares += (row[j] - mean[j]) * (row[j] - mean[j]);
      }
      double deviation = Math.sqrt(squares / examples);
      boolean constant = deviation <= ROUNDING * Math.abs(mean[j]);
      scale[j] = constant ? 1 : deviation;
      for (int i = 0; i < examples; i++) {
        matrix.set(i, j, constant ? 0 : (features[i][j] - mean[j]) / scale[j]);
      }
    }
    return new Standardised(matrix, mean, scale);
  }
}

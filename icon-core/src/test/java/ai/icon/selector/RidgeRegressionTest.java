package ai.icon.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.icon.selector.RidgeSpectrum.Form;
import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.junit.jupiter.api.Test;

class RidgeRegressionTest {
  @Test
  void weightsSolveTheNormalEquationsByHand() {
    // The columns have mean 0 and deviation 1 already and are orthogonal: Z'Z = [[4, 0], [0, 4]].
    double[][] z = {{-1, -1}, {-1, 1}, {1, -1}, {1, 1}};
    double[] y = {1, 4, 8, 11};
    RidgeModel model = RidgeRegression.fit(z, y).model();
    // y − 6 = (−5, −2, 2, 5), Z'y = (5 + 2 + 2 + 5, 5 − 2 − 2 + 5) = (14, 6), w = Z'y / (4 + λ)
    double penalty = model.penalty();
    assertThat(model.weights())
        .containsExactly(new double[] {14 / (4 + penalty), 6 / (4 + penalty)}, within(1e-12));
    assertThat(model.intercept()).isEqualTo(6);
    assertThat(model.predict(new double[] {1, 1})).isCloseTo(6 + 20 / (4 + penalty), within(1e-12));
    // The target is linear, so that the weakest penalty wins: 1e-4 of the mean eigenvalue 4.
    assertThat(penalty).isCloseTo(4e-4, within(1e-15));
  }

  @Test
  void correlatedFeaturesSolveTheTwoByTwoSystem() {
    double[][] x = {{1, 2}, {2, 1}, {3, 5}, {4, 3}, {7, 4}};
    double[] y = {1, 0, 3, 1, 2};
    RidgeModel model = RidgeRegression.fit(x, y).model();
    // Z'Z = n · [[1, r], [r, 1]] with r the correlation; solved by Cramer's rule.
    double n = 5;
    double r = 0;
    double[] b = new double[2];
    for (int i = 0; i < 5; i++) {
      double z0 = (x[i][0] - model.mean()[0]) / model.scale()[0];
      double z1 = (x[i][1] - model.mean()[1]) / model.scale()[1];
      r += z0 * z1 / n;
      b[0] += z0 * (y[i] - 1.4);
      b[1] += z1 * (y[i] - 1.4);
    }
    double diagonal = n + model.penalty();
    double determinant = diagonal * diagonal - n * r * n * r;
    assertThat(model.mean()).containsExactly(new double[] {3.4, 3}, within(1e-12));
    assertThat(model.scale())
        .containsExactly(new double[] {Math.sqrt(4.24), Math.sqrt(2)}, within(1e-12));
    assertThat(model.weights())
        .containsExactly(
            new double[] {
              (diagonal * b[0] - n * r * b[1]) / determinant,
              (diagonal * b[1] - n * r * b[0]) / determinant
            },
            within(1e-12));
  }

  @Test
  void leaveOneOutPredictionsAreThoseOfRefits() {
    for (int features : new int[] {3, 12, 40}) {
      double[][] x = gaussian(20, features, 5);
      double[] y = noisyTarget(x, 6);
      RidgeFit fit = RidgeRegression.fit(x, y);
      double[] predictions = fit.leaveOneOutPredictions();
      double squares = 0;
      for (int left = 0; left < 20; left++) {
        double refit = refitWithout(left, x, y, fit.model());
        assertThat(predictions[left]).isCloseTo(refit, within(1e-9));
        squares += (y[left] - refit) * (y[left] - refit);
      }
      assertThat(fit.model().leaveOneOutError()).isCloseTo(squares / 20, within(1e-9));
    }
  }

  @Test
  void primalAndDualAreOneModel() {
    for (int features : new int[] {4, 15, 60}) {
      double[][] x = gaussian(16, features, 7);
      double[] y = noisyTarget(x, 8);
      RidgeFit primal = RidgeRegression.fit(x, y, Form.PRIMAL);
      RidgeFit dual = RidgeRegression.fit(x, y, Form.DUAL);
      assertThat(dual.model().penalty()).isCloseTo(primal.model().penalty(), within(1e-8));
      assertThat(dual.model().weights()).containsExactly(primal.model().weights(), within(1e-8));
      assertThat(dual.leaveOneOutPredictions())
          .containsExactly(primal.leaveOneOutPredictions(), within(1e-8));
    }
  }

  @Test
  void plantedLinearModelIsRecovered() {
    double[][] x = gaussian(300, 4, 9);
    double[] planted = {2, -1, 0.5, 0};
    double[] y = new double[300];
    for (int i = 0; i < 300; i++) {
      y[i] = 3 + planted[0] * x[i][0] + planted[1] * x[i][1] + planted[2] * x[i][2];
    }
    RidgeModel model = RidgeRegression.fit(x, y).model();
    for (int j = 0; j < 4; j++) {
      assertThat(model.weights()[j] / model.scale()[j]).isCloseTo(planted[j], within(1e-3));
    }
    assertThat(model.predict(new double[4])).isCloseTo(3, within(1e-3));
  }

  @Test
  void noiseIsShrunkMoreThanSignal() {
    double[][] x = gaussian(60, 30, 10);
    double[] noise = new Random(11).doubles(60).toArray();
    double[] signal = Arrays.stream(x).mapToDouble(row -> row[0] + row[1]).toArray();
    assertThat(RidgeRegression.fit(x, noise).model().penalty())
        .isGreaterThan(100 * RidgeRegression.fit(x, signal).model().penalty());
  }

  @Test
  void constantColumnsHaveScaleOneAndNoWeight() {
    double[][] x = gaussian(12, 3, 12);
    for (double[] row : x) {
      row[1] = 0.1; // a sum of twelve of them is not 1.2 in doubles
    }
    RidgeModel model = RidgeRegression.fit(x, noisyTarget(x, 13)).model();
    assertThat(model.scale()[1]).isEqualTo(1);
    assertThat(model.weights()[1]).isCloseTo(0, within(1e-12));
  }

  @Test
  void oneExampleGivesAConstantModel() {
    RidgeFit fit = RidgeRegression.fit(new double[][] {{1, 2}}, new double[] {5});
    assertThat(fit.model().predict(new double[] {9, 9})).isEqualTo(5);
    assertThat(fit.model().leaveOneOutError()).isNaN();
    assertThat(fit.leaveOneOutPredictions()).containsExactly(Double.NaN);
  }

  @Test
  void constantTargetGivesAConstantModel() {
    RidgeFit fit = RidgeRegression.fit(gaussian(6, 2, 14), new double[] {.1, .1, .1, .1, .1, .1});
    assertThat(fit.model().predict(new double[] {9, 9})).isEqualTo(.1);
    assertThat(fit.model().leaveOneOutError()).isZero();
  }

  @Test
  void constantFeaturesPredictTheMeanOfTheOthers() {
    RidgeFit fit = RidgeRegression.fit(new double[][] {{1}, {1}, {1}}, new double[] {1, 2, 6});
    assertThat(fit.model().predict(new double[] {4})).isEqualTo(3);
    assertThat(fit.leaveOneOutPredictions())
        .containsExactly(new double[] {4, 3.5, 1.5}, within(1e-12));
  }

  @Test
  void whatCannotBeFittedIsRefused() {
    assertThatThrownBy(() -> RidgeRegression.fit(new double[0][], new double[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1, got 0 and 0");
    assertThatThrownBy(() -> RidgeRegression.fit(new double[][] {{1}, {1, 2}}, new double[2]))
        .hasMessageContaining("got 1 and, in example 1, 2");
    assertThatThrownBy(() -> RidgeRegression.fit(new double[][] {{1}, {Double.NaN}}, new double[2]))
        .hasMessageContaining("must be finite, those of example 1 are not");
  }

  @Test
  void modelChecksItsShapes() {
    RidgeModel model =
        new RidgeModel(new double[] {1, 2}, 3, new double[2], new double[] {1, 2}, 0, 0);
    assertThat(model.predict(new float[] {1, 2})).isEqualTo(3 + 1 + 2);
    assertThat(model.predict(new double[] {1, 2})).isEqualTo(model.predict(new float[] {1, 2}));
    assertThatThrownBy(() -> model.predict(new double[3]))
        .hasMessage("Cannot predict: the model has 2 features, got 3");
    assertThatThrownBy(() -> new RidgeModel(new double[2], 0, new double[1], new double[2], 0, 0))
        .hasMessageContaining("one length, got 2, 1 and 2");
    assertThatThrownBy(() -> new RidgeModel(new double[1], 0, new double[1], new double[1], 0, 0))
        .hasMessageContaining("every scale must be above 0");
  }

  /** Solves the problem with a free intercept on all rows but one, the standardisation kept. */
  private static double refitWithout(int left, double[][] x, double[] y, RidgeModel model) {
    int features = model.dimension();
    RealMatrix design = new Array2DRowRealMatrix(y.length, features + 1);
    RealVector target = new ArrayRealVector(y);
    RealVector row = new ArrayRealVector(features + 1);
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j <= features; j++) {
        double z = j == 0 ? 1 : (x[i][j - 1] - model.mean()[j - 1]) / model.scale()[j - 1];
        design.setEntry(i, j, i == left ? 0 : z);
        if (i == left) {
          row.setEntry(j, z);
        }
      }
    }
    RealMatrix normal = design.transpose().multiply(design);
    for (int j = 1; j <= features; j++) {
      normal.addToEntry(j, j, model.penalty());
    }
    RealVector right = design.transpose().operate(target);
    return new LUDecomposition(normal).getSolver().solve(right).dotProduct(row);
  }

  private static double[][] gaussian(int examples, int features, long seed) {
    Random random = new Random(seed);
    double[][] x = new double[examples][features];
    for (double[] row : x) {
      for (int j = 0; j < features; j++) {
        row[j] = 5 + (j + 1) * random.nextGaussian();
      }
    }
    return x;
  }

  private static double[] noisyTarget(double[][] x, long seed) {
    Random random = new Random(seed);
    return Arrays.stream(x).mapToDouble(row -> row[0] - row[1] + random.nextGaussian()).toArray();
  }
}

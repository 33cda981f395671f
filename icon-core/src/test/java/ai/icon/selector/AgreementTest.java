package ai.icon.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AgreementTest {
  private static final double[] MEASURED = {5, 4, 3, 2, 1};

  @Test
  void samePredictionsAgreeAndTurnedOnesDisagree() {
    assertThat(Agreement.of(MEASURED, new double[] {50, 40, 30, 20, 10}, 0.4))
        .isEqualTo(new Agreement(1, 1, 1));
    assertThat(Agreement.of(MEASURED, new double[] {1, 2, 3, 4, 5}, 0.4))
        .isEqualTo(new Agreement(-1, 0, 0));
  }

  @Test
  void figuresByHand() {
    // Good: 5 and 4 (0.4 · 5 = 2). Predicted ranks 5→4, 4→1, 3→5, 2→3, 1→2.
    Agreement agreement = Agreement.of(MEASURED, new double[] {4, 1, 5, 3, 2}, 0.4);
    // d² = (5−4)² + (4−1)² + (3−5)² + (2−3)² + (1−2)² = 16; 1 − 6·16/(5·24) = 0.2
    assertThat(agreement.rankCorrelation()).isCloseTo(0.2, within(1e-12));
    // 4 beats 3 and 2; 1 beats none: 2 of 6 pairs
    assertThat(agreement.auroc()).isCloseTo(2 / 6.0, within(1e-12));
    // The two best predictions are those of 3 and 5
    assertThat(agreement.recallAtBudget()).isEqualTo(0.5);
  }

  @Test
  void shareIsRoundedDownButNotToNothing() {
    // 0.15 · 5 < 1: one is good, and it is predicted best
    assertThat(Agreement.of(MEASURED, new double[] {9, 1, 2, 3, 4}, 0.15).recallAtBudget())
        .isEqualTo(1);
    // 0.5 · 5 = 2.5: two are good, both predicted best; a third would be missed
    assertThat(Agreement.of(MEASURED, new double[] {9, 8, 1, 2, 3}, 0.5).recallAtBudget())
        .isEqualTo(1);
  }

  @Test
  void constantPredictionsAreAsGoodAsChance() {
    Agreement agreement = Agreement.of(MEASURED, new double[5], 0.4);
    assertThat(agreement.rankCorrelation()).isNaN();
    assertThat(agreement.auroc()).isEqualTo(0.5);
    assertThat(agreement.recallAtBudget()).isCloseTo(0.4, within(1e-12));
  }

  @Test
  void measuredThatAreAllEqualSayNothing() {
    Agreement undefined = new Agreement(Double.NaN, Double.NaN, Double.NaN);
    assertThat(Agreement.of(new double[] {1, 1}, new double[] {1, 2}, 0.5)).isEqualTo(undefined);
    assertThat(Agreement.of(new double[] {1}, new double[] {1}, 0.5)).isEqualTo(undefined);
  }
}

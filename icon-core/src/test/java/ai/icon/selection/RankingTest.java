package ai.icon.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.icon.error.UserError;
import org.junit.jupiter.api.Test;

class RankingTest {
  private static final double NAN = Double.NaN;

  @Test
  void measuredAndPredictedAreWeighedByTheirVariances() {
    // s² = 0.04, se² = 0.01: w = 0.8; 0.1 + 0.8 · (0.6 − 0.1) = 0.5
    assertThat(Ranking.score(0.6, 0.1, 0.1, 0.04, RankBy.WEIGHED)).isCloseTo(0.5, within(1e-15));
  }

  @Test
  void rankingByOneOfThemTakesItAsItIs() {
    assertThat(Ranking.score(0.6, 0.1, 0.1, 0.04, RankBy.MEASURED)).isEqualTo(0.6);
    assertThat(Ranking.score(0.6, 0.1, 0.1, 0.04, RankBy.PREDICTED)).isEqualTo(0.1);
  }

  @Test
  void sampleWithoutMeasurementHasItsPrediction() {
    for (RankBy rankBy : RankBy.values()) {
      assertThat(Ranking.score(NAN, NAN, 0.3, 0.04, rankBy)).isEqualTo(0.3);
    }
  }

  @Test
  void withoutSelectorTheMeasuredContributionRanks() {
    assertThat(Ranking.score(0.7, 0.1, NAN, NAN, RankBy.WEIGHED)).isEqualTo(0.7);
    assertThat(Ranking.score(0.7, 0.1, NAN, NAN, RankBy.MEASURED)).isEqualTo(0.7);
    assertThatThrownBy(() -> Ranking.score(0.7, 0.1, NAN, NAN, RankBy.PREDICTED))
        .hasMessage("Cannot rank by prediction: there is none");
  }

  @Test
  void whatNothingIsKnownOfComesLast() {
    assertThat(Ranking.score(NAN, NAN, NAN, NAN, RankBy.MEASURED))
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void weightAtTheEdges() {
    assertThat(Ranking.weight(0, 0)).isEqualTo(1);
    assertThat(Ranking.weight(0, 0.5)).isEqualTo(1);
    assertThat(Ranking.weight(0.1, 0)).isZero();
    assertThat(Ranking.weight(NAN, 0.5)).isZero();
    assertThat(Ranking.weight(Double.POSITIVE_INFINITY, 0.5)).isZero();
    assertThat(Ranking.weight(0.1, NAN)).isEqualTo(1);
    assertThatThrownBy(() -> Ranking.weight(-0.1, 1)).hasMessageContaining("got -0.1 and 1.0");
  }

  @Test
  void rankByIsReadByItsSettingName() {
    assertThat(RankBy.parse("expected")).isEqualTo(RankBy.WEIGHED);
    assertThat(RankBy.parse("measured")).isEqualTo(RankBy.MEASURED);
    assertThat(RankBy.parse("predicted")).isEqualTo(RankBy.PREDICTED);
    assertThatThrownBy(() -> RankBy.parse("weighed"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("must be one of expected, predicted, measured, got 'weighed'");
  }

  @Test
  void rankedSampleRefusesWhatHasNoOrderOrOrigin() {
    assertThatThrownBy(() -> new RankedSample("a", NAN, 1, 1, Origin.SCORED))
        .hasMessage("Invalid ranked sample a: the score must be a number, got NaN");
    assertThatThrownBy(() -> new RankedSample("a", 1, 1, 1, Origin.PREDICTED))
        .hasMessageContaining("has no measured contribution, got 1.0");
    assertThatThrownBy(() -> new RankedSample("a", 1, NAN, NAN, Origin.PREDICTED))
        .hasMessageContaining("needs a prediction, got NaN");
    assertThatThrownBy(() -> new RankedSample("", 1, 1, 1, Origin.SCORED))
        .hasMessageContaining("the id must not be empty");
    assertThat(Origin.SCORED.text()).isEqualTo("scored");
  }
}

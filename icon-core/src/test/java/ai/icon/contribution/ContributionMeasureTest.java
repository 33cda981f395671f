package ai.icon.contribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.icon.error.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ContributionMeasureTest {

  /** Computed with Hugging Face Transformers in float64 on a tiny Llama of random weights. */
  @ParameterizedTest
  @CsvSource({
    "7.581736718727958, 7.706136107478814, 7.3771916791299255,"
        + " -0.317450042532529, -0.13246807563305132, -0.3289444283488887",
    "7.558223124067321, 7.474488600954536, 7.42476421480078,"
        + " -0.0446119509855739, 0.0803246237123902, -0.04972438615375552",
    "7.545117589492254, 7.809475690288951, 7.056510491071292,"
        + " -0.6891142555475916, -0.30259457278535384, -0.7529651992176589",
    "7.418645989353169, 7.2563198385456475, 7.565182931010397,"
        + " 0.3076538238662565, 0.1498361222278337, 0.3088630924647493",
    "7.242797870349824, 7.40184719250352, 7.532169018997055,"
        + " 0.16319156752836012, -0.17239577021577365, 0.1303218264935353"
  })
  void agreesWithAnotherImplementation(
      double baseline, double conditioned, double control, double rico, double icon, double log) {
    assertThat(ContributionMeasure.RICO.of(baseline, conditioned, control))
        .isCloseTo(rico, withinPercentage(1e-10));
    assertThat(ContributionMeasure.ICON.of(baseline, conditioned, control))
        .isCloseTo(icon, withinPercentage(1e-10));
    assertThat(ContributionMeasure.LOG.of(baseline, conditioned, control))
        .isCloseTo(log, withinPercentage(1e-10));
  }

  @Test
  void epsilonStandsInTheDenominator() {
    assertThat(ContributionMeasure.RICO.of(0, 0, Math.log(2))).isEqualTo(1 / (1 + 1e-6));
    assertThat(ContributionMeasure.ICON.of(Math.log(2), 0, 0)).isEqualTo(1 / (2 + 1e-6));
  }

  @ParameterizedTest
  @EnumSource(ContributionMeasure.class)
  void lossThatIsNotFiniteGivesNan(ContributionMeasure measure) {
    assertThat(measure.of(1, Double.NaN, 1)).isNaN();
    assertThat(measure.of(1, Double.POSITIVE_INFINITY, 1)).isNaN();
    assertThat(measure.of(Double.POSITIVE_INFINITY, 1, 1)).isNaN();
    assertThat(measure.of(Double.NaN, 1, 1)).isNaN();
  }

  @Test
  void controlIsLookedAtOnlyWhereItIsNeeded() {
    assertThat(ContributionMeasure.RICO.needsControl()).isTrue();
    assertThat(ContributionMeasure.LOG.needsControl()).isTrue();
    assertThat(ContributionMeasure.ICON.needsControl()).isFalse();
    assertThat(ContributionMeasure.RICO.of(1, 1, Double.NaN)).isNaN();
    assertThat(ContributionMeasure.LOG.of(1, 1, Double.POSITIVE_INFINITY)).isNaN();
    assertThat(ContributionMeasure.ICON.of(1, 1, Double.NaN)).isZero();
  }

  @Test
  void perplexityThatHasNoDoubleGivesNanExceptInLog() {
    assertThat(ContributionMeasure.RICO.of(1, 800, 1)).isNaN();
    assertThat(ContributionMeasure.LOG.of(1, 800, 1)).isEqualTo(-799);
  }

  @Test
  void settingNamesTheMeasure() {
    for (ContributionMeasure measure : ContributionMeasure.values()) {
      assertThat(ContributionMeasure.named(measure.setting())).isEqualTo(measure);
    }
    assertThatThrownBy(() -> ContributionMeasure.named("ifd"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Invalid measure: must be rico, icon or log, got \"ifd\"\n"
                + "  Set --measure to one of the three.");
  }
}

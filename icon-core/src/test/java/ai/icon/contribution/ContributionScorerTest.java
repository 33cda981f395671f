package ai.icon.contribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.assessment.AssessedExample;
import ai.icon.assessment.AssessmentSet;
import ai.icon.error.UserError;
import ai.icon.loss.LossModel;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ContributionScorerTest {
  private static final AssessedExample BRIEF = Toy.example("one", "ab", "cd"); // 4 tokens
  private static final AssessedExample LONG = Toy.example("one", "abab", "cdcdcd"); // 10 tokens
  private static final AssessmentSet SET = AssessmentSet.of(List.of(BRIEF, LONG));

  @Test
  void lossesStandInTheOrderOfTheSetWhateverTheBatches() {
    BigramLossModel model = BigramLossModel.textBlind();
    double[] expected = new double[2];
    for (int i = 0; i < 2; i++) {
      AssessmentSet alone = AssessmentSet.of(List.of(SET.examples().get(i)));
      expected[i] = new ContributionScorer(model, alone, 64).losses(new int[] {1})[0];
    }

    assertThat(new ContributionScorer(model, SET, 1).losses(new int[] {1}))
        .containsExactly(expected);
    assertThat(new ContributionScorer(model, SET, 99).losses(new int[] {1}))
        .containsExactly(expected);
    assertThat(expected[0]).isNotEqualTo(expected[1]);
  }

  @Test
  void progressCountsEveryPairOnceAndThePrefixOnce() {
    List<ScoredBatch> batches = new ArrayList<>();

    scorer(BigramLossModel.remembering(), 1, batches).losses(new int[] {1, 2, 3});

    assertThat(batches).extracting(ScoredBatch::pairs).containsExactly(1, 1);
    assertThat(batches).extracting(ScoredBatch::prefixTokens).containsExactly(3L, 0L);
    assertThat(batches).extracting(ScoredBatch::tokens).containsExactly(10L, 4L);
    assertThat(batches).extracting(ScoredBatch::paddingTokens).containsOnly(0L);
    assertThat(batches).extracting(ScoredBatch::nonFinite).containsOnly(0);
    assertThat(batches).allMatch(batch -> batch.seconds() > 0);
  }

  @Test
  void progressCountsPaddingAndLossesThatAreNoNumber() {
    List<ScoredBatch> batches = new ArrayList<>();

    scorer(new BigramLossModel(32, 0, Double.NaN), 99, batches).losses(new int[] {1});

    assertThat(batches).extracting(ScoredBatch::pairs).containsExactly(2);
    assertThat(batches).extracting(ScoredBatch::paddingTokens).containsExactly(10L - 4);
    assertThat(batches).extracting(ScoredBatch::nonFinite).containsExactly(2);
  }

  private static ContributionScorer scorer(
      LossModel model, int tokenBudget, List<ScoredBatch> batches) {
    return new ContributionScorer(model, SET, tokenBudget, batches::add);
  }

  @Test
  void baselineStandsBehindBosWhereThereIsOne() {
    ContributionScorer scorer =
        new ContributionScorer(BigramLossModel.remembering(), AssessmentSet.of(List.of(BRIEF)), 64);

    assertThat(scorer.baseline(OptionalInt.empty())).containsExactly(2.25 + 2.5 / 64);
    assertThat(scorer.baseline(OptionalInt.of(LetterTokenizer.BOS)))
        .containsExactly(2.25 + 3.5 / 64);
  }

  @Test
  void demonstrationLeavesRoomForTheWidestExample() {
    ContributionScorer scorer = new ContributionScorer(new BigramLossModel(32, 0, 0), SET, 64);

    assertThat(ContributionScorer.maxDemonstrationTokens(32, SET, 4, 2040)).isEqualTo(32 - 10 - 4);
    assertThat(ContributionScorer.maxDemonstrationTokens(32, SET, 4, 5)).isEqualTo(5);
    assertThat(scorer.losses(new int[22])).hasSize(2);
    assertThatThrownBy(() -> scorer.losses(new int[23]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot score: prefix of 23 and example of 10 tokens exceed the context of 32");
    assertThatThrownBy(() -> ContributionScorer.maxDemonstrationTokens(32, SET, 4, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid demonstration limit: must be at least 1, got 0 beside 4 fixed tokens");
  }

  @Test
  void contextWithoutRoomForADemonstrationIsRefused() {
    assertThat(ContributionScorer.maxDemonstrationTokens(15, SET, 4, 2040)).isEqualTo(1);
    assertThatThrownBy(() -> ContributionScorer.maxDemonstrationTokens(14, SET, 4, 2040))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("context of 14 tokens is filled by the longest assessed example, 10");
  }

  @Test
  void measurementChecksWhatItIsGiven() {
    assertThatThrownBy(
            () ->
                PairMeasurement.withoutControl(SET, ContributionMeasure.RICO, new double[] {1, 1}))
        .hasMessage("Invalid measurement: rico needs control losses");
    PairMeasurement measurement =
        PairMeasurement.withoutControl(SET, ContributionMeasure.ICON, new double[] {1, 1});
    assertThat(measurement.pairs("t", 3, new double[] {1, 1}))
        .extracting(PairLoss::assessedId)
        .containsExactlyElementsOf(SET.ids());
    assertThatThrownBy(() -> measurement.pairs("t", 3, new double[] {1}))
        .hasMessage("Invalid conditioned losses: 2 assessed examples, got 1");
  }
}

package ai.icon.contribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.icon.assessment.AssessedExample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The method from end to end on numbers done by hand. In the bigram table a, b, c, d, e count 0 to
 * 4 (mod 5), so that b→c costs 1.5 + ((2 + 6) mod 5)/4 = 2.25, c→d 2.25, a→d 2.5, d→b 2.5, b→d
 * 1.75.
 */
class ToyContributionTest {
  private static final Offset<Double> TIGHT = within(1e-9);
  private static final String DEMONSTRATION = "abcdee"; // 6 tokens, between the buckets 5 and 7
  private static final int[] TILDE = {'~' - ' '};
  private static final AssessedExample HELPED = Toy.example("one", "ab", "cd");
  private static final AssessedExample NOT_HELPED = Toy.example("two", "ba", "dbd");

  // Places: BOS 0, prompt 1 and 2, response from 3. In front come 6 + 3 tokens, or 5 + 3, or 7 + 3.
  private static final double HELPED_BASELINE = 2.25 + 3.5 / 64;
  private static final double HELPED_CONDITIONED = 2.25 - 0.25 + 12.5 / 64; // bc and cd stood in T
  private static final double NOT_HELPED_BASELINE = 2.25 + 4.0 / 64;
  private static final double NOT_HELPED_CONDITIONED = 2.25 + 13.0 / 64;
  private static final double SHARE = Math.log(6 / 5.0) / Math.log(7 / 5.0);
  private static final double HELPED_CONTROL = 2.25 + (11.5 + SHARE * 2) / 64;
  private static final double NOT_HELPED_CONTROL = 2.25 + (12 + SHARE * 2) / 64;

  @Test
  void lossesAreThoseDoneByHand() {
    List<PairLoss> pairs = pairs(ContributionMeasure.RICO);

    PairLoss helped = of(HELPED, pairs);
    assertThat(helped.baselineNll()).isCloseTo(HELPED_BASELINE, TIGHT);
    assertThat(helped.conditionedNll()).isCloseTo(HELPED_CONDITIONED, TIGHT);
    assertThat(helped.controlNll()).isCloseTo(HELPED_CONTROL, TIGHT);
    PairLoss notHelped = of(NOT_HELPED, pairs);
    assertThat(notHelped.baselineNll()).isCloseTo(NOT_HELPED_BASELINE, TIGHT);
    assertThat(notHelped.conditionedNll()).isCloseTo(NOT_HELPED_CONDITIONED, TIGHT);
    assertThat(notHelped.controlNll()).isCloseTo(NOT_HELPED_CONTROL, TIGHT);
  }

  @Test
  void ricoIsThatDoneByHand() {
    double helped =
        (Math.exp(HELPED_CONTROL) - Math.exp(HELPED_CONDITIONED))
            / (Math.exp(HELPED_BASELINE) + 1e-6);
    double notHelped =
        (Math.exp(NOT_HELPED_CONTROL) - Math.exp(NOT_HELPED_CONDITIONED))
            / (Math.exp(NOT_HELPED_BASELINE) + 1e-6);

    List<PairLoss> pairs = pairs(ContributionMeasure.RICO);

    assertThat(of(HELPED, pairs).contribution()).isCloseTo(helped, TIGHT).isPositive();
    assertThat(of(NOT_HELPED, pairs).contribution()).isCloseTo(notHelped, TIGHT);
    Contribution contribution = Contribution.of(pairs, GroupWeights.uniform(), 6);
    assertThat(contribution.contribution()).isCloseTo((helped + notHelped) / 2, TIGHT);
    assertThat(contribution.standardError())
        .isCloseTo(Math.abs(helped - notHelped) / 2, TIGHT); // s/√2 of two values
    assertThat(contribution.goldenScore()).isEqualTo(0.5);
    assertThat(contribution.lossRatio())
        .isCloseTo(
            (HELPED_BASELINE / HELPED_CONDITIONED + NOT_HELPED_BASELINE / NOT_HELPED_CONDITIONED)
                / 2,
            TIGHT);
    assertThat(contribution.groupContribution().get("one")).isCloseTo(helped, TIGHT);
    assertThat(contribution.groupContribution().get("two")).isCloseTo(notHelped, TIGHT);
  }

  @Test
  void iconIsThatDoneByHand() {
    double helped =
        (Math.exp(HELPED_BASELINE) - Math.exp(HELPED_CONDITIONED))
            / (Math.exp(HELPED_BASELINE) + 1e-6);

    PairLoss pair = of(HELPED, pairs(ContributionMeasure.ICON));

    assertThat(pair.contribution()).isCloseTo(helped, TIGHT).isPositive();
    assertThat(pair.controlNll()).isNaN();
  }

  @Test
  void logIsThatDoneByHand() {
    List<PairLoss> pairs = pairs(ContributionMeasure.LOG);

    assertThat(of(HELPED, pairs).contribution())
        .isCloseTo(HELPED_CONTROL - HELPED_CONDITIONED, TIGHT);
    assertThat(of(NOT_HELPED, pairs).contribution())
        .isCloseTo(NOT_HELPED_CONTROL - NOT_HELPED_CONDITIONED, TIGHT);
  }

  @ParameterizedTest
  @EnumSource(ContributionMeasure.class)
  void modelThatIgnoresWhatStandsInFrontGivesExactlyZero(ContributionMeasure measure) {
    List<PairLoss> pairs =
        Toy.pairs(
            BigramLossModel.textBlind(),
            manyExamples(), // means such as 6.5/3, which no double holds exactly
            measure,
            DEMONSTRATION,
            64,
            ControlBank.printableTokens(Toy.TOKENIZER));

    assertThat(pairs).extracting(PairLoss::contribution).containsOnly(0.0);
    Contribution contribution = Contribution.of(pairs, GroupWeights.uniform(), 6);
    assertThat(contribution.contribution()).isZero();
    assertThat(contribution.consistency()).isZero();
    assertThat(contribution.goldenScore()).isZero();
    assertThat(contribution.significance()).isZero();
  }

  @Test
  void orderOfAssessedExamplesAndBatchesChangeNothing() {
    List<AssessedExample> examples = manyExamples();
    int[] tokens = ControlBank.printableTokens(Toy.TOKENIZER);
    BigramLossModel model = BigramLossModel.remembering();
    List<PairLoss> expected =
        Toy.pairs(model, examples, ContributionMeasure.RICO, DEMONSTRATION, 64, tokens);
    Random random = new Random(3);

    for (int tokenBudget : new int[] {1, 17, 64, 10_000}) {
      Collections.shuffle(examples, random);
      assertThat(
              Toy.pairs(
                  model, examples, ContributionMeasure.RICO, DEMONSTRATION, tokenBudget, tokens))
          .isEqualTo(expected);
    }
    assertThat(model.openPrefixes()).isZero();
  }

  @Test
  void orderOfPairsChangesNoFigure() {
    List<PairLoss> pairs =
        new ArrayList<>(
            Toy.pairs(
                BigramLossModel.remembering(),
                manyExamples(),
                ContributionMeasure.RICO,
                DEMONSTRATION,
                64,
                ControlBank.printableTokens(Toy.TOKENIZER)));
    Contribution expected = Contribution.of(pairs, GroupWeights.uniform(), 6);
    Random random = new Random(4);

    for (int i = 0; i < 20; i++) {
      Collections.shuffle(pairs, random);
      assertThat(Contribution.of(pairs, GroupWeights.uniform(), 6)).isEqualTo(expected);
    }
  }

  @Test
  void pairWithoutAFiniteLossIsCountedAndLeftOutOfTheMean() {
    AssessedExample broken = Toy.example("two", "ab", "c%");

    List<PairLoss> pairs =
        Toy.pairs(
            BigramLossModel.remembering(),
            List.of(HELPED, broken),
            ContributionMeasure.RICO,
            DEMONSTRATION,
            64,
            TILDE);

    assertThat(of(broken, pairs).contribution()).isNaN();
    Contribution contribution = Contribution.of(pairs, GroupWeights.uniform(), 6);
    assertThat(contribution.pairs()).isEqualTo(2);
    assertThat(contribution.finitePairs()).isEqualTo(1);
    assertThat(contribution.contribution()).isEqualTo(of(HELPED, pairs).contribution());
    assertThat(contribution.groupContribution().get("two")).isNaN();
  }

  private static List<AssessedExample> manyExamples() {
    List<AssessedExample> examples = new ArrayList<>();
    Random random = new Random(2);
    for (int i = 0; i < 25; i++) {
      examples.add(Toy.example("g" + i % 4, "q" + i + letters(random), letters(random)));
    }
    return examples;
  }

  private static String letters(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(9); i >= 0; i--) {
      text.append((char) ('a' + random.nextInt(5)));
    }
    return text.toString();
  }

  private static List<PairLoss> pairs(ContributionMeasure measure) {
    return Toy.pairs(
        BigramLossModel.remembering(),
        List.of(HELPED, NOT_HELPED),
        measure,
        DEMONSTRATION,
        64,
        TILDE);
  }

  private static PairLoss of(AssessedExample example, List<PairLoss> pairs) {
    return pairs.stream()
        .filter(pair -> pair.assessedId().equals(example.id()))
        .findFirst()
        .orElseThrow();
  }
}

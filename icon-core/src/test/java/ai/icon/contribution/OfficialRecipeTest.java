package ai.icon.contribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.icon.assessment.AssessedExample;
import ai.icon.error.UserError;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Numbers by hand, from the table that {@link ToyContributionTest} explains; d→e 2.25, e→c 2.5. */
class OfficialRecipeTest {
  private static final Offset<Double> TIGHT = within(1e-9);
  private static final AssessedExample EXAMPLE = Toy.example("one", "ab", "cdec");
  private static final String DEMONSTRATION = "abcdee";
  private static final String NOISE = "~~~~~~~~";

  @Test
  void withBosTwoResponseTokensAreScoredOfFourAndAllInTheBaseline() {
    OfficialRecipe recipe = recipe(true, (demonstration, sample, assessed) -> NOISE);
    // <s>ab|cdec, places 3 to 6.
    double baseline = (2.25 + 2.25 + 2.25 + 2.5) / 4 + 4.5 / 64;
    // <s>abcdee, 3 line breaks, ab, cdec: 16 tokens, 7 + 4 + 3 masked: e (de stood in T) and c.
    double conditioned = (2.25 - 0.25 + 2.5) / 2 + 14.5 / 64;
    // <s>~~~~~~~~, 3 line breaks, ab, cdec: 18 tokens, 9 + 4 + 3 masked.
    double control = (2.25 + 2.5) / 2 + 16.5 / 64;

    PairLoss pair = recipe.pair("t", DEMONSTRATION, EXAMPLE, recipe.baselineNll(EXAMPLE));

    assertThat(pair.baselineNll()).isCloseTo(baseline, TIGHT);
    assertThat(pair.conditionedNll()).isCloseTo(conditioned, TIGHT);
    assertThat(pair.controlNll()).isCloseTo(control, TIGHT);
    assertThat(pair.contribution())
        .isCloseTo(
            (Math.exp(control) - Math.exp(conditioned)) / (Math.exp(baseline) + 1e-6), TIGHT);
  }

  @Test
  void withoutBosEveryPartAfterTheFirstLosesARealToken() {
    OfficialRecipe recipe = recipe(false, (demonstration, sample, assessed) -> NOISE);
    // ab|dec: c is lost. b→d 1.75, places 2 to 4.
    double baseline = (1.75 + 2.25 + 2.5) / 3 + 3.0 / 64;
    // abcdee, 2 line breaks, b, dec: 12 tokens, 6 + 3 + 2 masked: c alone.
    double conditioned = 2.5 + 11.0 / 64;
    double control = 2.5 + 13.0 / 64;

    PairLoss pair = recipe.pair("t", DEMONSTRATION, EXAMPLE, recipe.baselineNll(EXAMPLE));

    assertThat(pair.baselineNll()).isCloseTo(baseline, TIGHT);
    assertThat(pair.conditionedNll()).isCloseTo(conditioned, TIGHT);
    assertThat(pair.controlNll()).isCloseTo(control, TIGHT);
    assertThat(pair.contribution())
        .isCloseTo(
            (Math.exp(control) - Math.exp(conditioned)) / (Math.exp(baseline) + 1e-6), TIGHT);
  }

  @Test
  void responseOfTwoTokensLeavesNothingToScore() {
    OfficialRecipe recipe = recipe(true, Noise.seeded(1));
    AssessedExample brief = Toy.example("one", "ab", "cd");

    PairLoss pair = recipe.pair("t", DEMONSTRATION, brief, recipe.baselineNll(brief));

    assertThat(pair.baselineNll()).isFinite();
    assertThat(pair.conditionedNll()).isNaN();
    assertThat(pair.contribution()).isNaN();
  }

  @Test
  void sequenceBeyondTheContextIsNotANumber() {
    BigramLossModel model = new BigramLossModel(17, 0.25, 0);
    OfficialRecipe recipe =
        new OfficialRecipe(model, Toy.TOKENIZER, Toy.SEPARATOR, (d, sample, assessed) -> NOISE);

    PairLoss pair = recipe.pair("t", DEMONSTRATION, EXAMPLE, recipe.baselineNll(EXAMPLE));

    assertThat(pair.conditionedNll()).isFinite(); // 16 tokens
    assertThat(pair.controlNll()).isNaN(); // 18 tokens
    assertThat(model.openPrefixes()).isZero();
  }

  @Test
  void seededNoiseHasAsManyCharactersAndIsThePairsOwn() {
    Noise noise = Noise.seeded(5);
    String demonstration = "smile 😀 done".repeat(20);

    String drawn = noise.noise(demonstration, "t", "s");

    assertThat(drawn)
        .hasSize(demonstration.codePointCount(0, demonstration.length()))
        .matches("[ -~]+")
        .isEqualTo(Noise.seeded(5).noise(demonstration, "t", "s"))
        .isNotEqualTo(noise.noise(demonstration, "t", "s2"))
        .isNotEqualTo(noise.noise(demonstration, "t2", "s"))
        .isNotEqualTo(Noise.seeded(6).noise(demonstration, "t", "s"));
    assertThat(noise.noise("x".repeat(5000), "t", "s").chars().distinct()).hasSize(95);
  }

  @Test
  void givenNoiseIsTakenAsItIsAndMissedWhereItIsMissing() {
    Noise noise = Noise.given(Map.of(new Noise.Pair("t", "s"), "!!"));

    assertThat(noise.noise("abc", "t", "s")).isEqualTo("!!");
    assertThatThrownBy(() -> noise.noise("abc", "t", "u"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Cannot take the control of candidate t and assessed example u: no noise was given");
  }

  private static OfficialRecipe recipe(boolean bos, Noise noise) {
    return new OfficialRecipe(
        BigramLossModel.remembering(), new LetterTokenizer(bos), Toy.SEPARATOR, noise);
  }
}

package ai.icon.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.icon.assessment.AssessedExample;
import ai.icon.assessment.AssessmentSet;
import ai.icon.checkpoint.Checkpoint;
import ai.icon.contribution.ContributionMeasure;
import ai.icon.contribution.ContributionScorer;
import ai.icon.contribution.Noise;
import ai.icon.contribution.OfficialRecipe;
import ai.icon.contribution.PairLoss;
import ai.icon.prompt.Question;
import ai.icon.prompt.SequenceBuilder;
import ai.icon.prompt.SequenceLimits;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contributions of a real model against Hugging Face's in float64, exact and as released. */
class GoldenContributionIT {
  private static final JsonNode GOLDEN = Golden.read("contributions-llama.json");
  private static final String SEPARATOR = GOLDEN.path("separator").textValue();
  private static final SequenceLimits LIMITS = new SequenceLimits(2_040, 1_024, 1_024);

  /** What a perplexity may differ by, as a share of itself, where its loss may by the tolerance. */
  private static final double SHARE = Math.expm1(Golden.TOLERANCE);

  private static DjlDecoder decoder;
  private static DjlTokenizer tokenizer;
  private static SequenceBuilder sequences;
  private static List<AssessedExample> assessed;

  @BeforeAll
  static void load() {
    decoder = DjlDecoder.load(Checkpoint.open(Golden.folder("llama")), Precision.FLOAT32, "cpu", 2);
    tokenizer = Golden.tokenizer("llama");
    sequences = new SequenceBuilder(tokenizer, LIMITS, SEPARATOR);
    assessed = new ArrayList<>();
    for (JsonNode example : GOLDEN.path("assessed")) {
      assessed.add(example(example.path("prompt").asText(), example.path("response").asText()));
    }
  }

  @AfterAll
  static void free() {
    tokenizer.close();
    decoder.close();
  }

  /** Batches of every size: one example each, some, and all in one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 200, 1 << 20})
  void exactLossesAndContributionsAreTheGoldenOnes(int tokenBudget) {
    AssessmentSet set = AssessmentSet.of(assessed);
    assertThat(set.size()).isEqualTo(5);
    ContributionScorer scorer = new ContributionScorer(new DjlLossModel(decoder), set, tokenBudget);
    double[] baseline = scorer.baseline(tokenizer.bos());
    List<double[]> conditioned = new ArrayList<>();
    List<double[]> control = new ArrayList<>();
    for (JsonNode candidate : GOLDEN.path("candidates")) {
      int[] ids = sequences.demonstration(candidate.asText()).ids();
      conditioned.add(scorer.losses(sequences.prefix(ids)));
    }
    for (JsonNode ids : GOLDEN.path("control_ids")) {
      control.add(scorer.losses(sequences.prefix(Golden.ints(ids))));
    }
    for (JsonNode pair : GOLDEN.path("exact")) {
      int candidate = pair.path("candidate").asInt();
      int index = set.ids().indexOf(assessed.get(pair.path("assessed").asInt()).id());
      assertPair(
          pair, baseline[index], conditioned.get(candidate)[index], control.get(candidate)[index]);
    }
    assertThat(GOLDEN.path("exact")).hasSize(20);
  }

  private static void assertPair(
      JsonNode golden, double baseline, double conditioned, double control) {
    double goldenBaseline = GOLDEN.path("baseline").get(golden.path("assessed").asInt()).asDouble();
    double goldenConditioned = golden.path("conditioned").asDouble();
    double goldenControl = golden.path("control").asDouble();
    assertThat(baseline).isCloseTo(goldenBaseline, within(Golden.TOLERANCE));
    assertThat(conditioned).isCloseTo(goldenConditioned, within(Golden.TOLERANCE));
    assertThat(control).isCloseTo(goldenControl, within(Golden.TOLERANCE));
    // d(e^a / e^b) ≤ e^a / e^b · (δa + δb), term by term.
    double shareC = Math.exp(goldenConditioned - goldenBaseline);
    double shareR = Math.exp(goldenControl - goldenBaseline);
    assertThat(ContributionMeasure.RICO.of(baseline, conditioned, control))
        .isCloseTo(golden.path("rico").asDouble(), within(2.01 * SHARE * (shareC + shareR)));
    assertThat(ContributionMeasure.ICON.of(baseline, conditioned, Double.NaN))
        .isCloseTo(golden.path("icon").asDouble(), within(2.01 * SHARE * shareC));
    assertThat(ContributionMeasure.LOG.of(baseline, conditioned, control))
        .isCloseTo(golden.path("log").asDouble(), within(2 * Golden.TOLERANCE));
  }

  @Test
  void theOfficialRecipeWithGivenNoiseGivesTheGoldenNumbers() {
    OfficialRecipe recipe =
        new OfficialRecipe(new DjlLossModel(decoder), tokenizer, SEPARATOR, givenNoise());
    for (JsonNode pair : GOLDEN.path("official")) {
      AssessedExample example = assessed.get(pair.path("assessed").asInt());
      String candidate = GOLDEN.path("candidates").get(pair.path("candidate").asInt()).asText();
      double baseline = recipe.baselineNll(example);
      PairLoss found = recipe.pair(name(pair), candidate, example, baseline);
      assertThat(baseline).isCloseTo(pair.path("baseline").asDouble(), within(Golden.TOLERANCE));
      assertLoss(found.conditionedNll(), pair.path("conditioned"));
      assertLoss(found.controlNll(), pair.path("control"));
      assertOfficialContribution(found, pair);
    }
    assertThat(GOLDEN.path("official")).hasSize(20);
  }

  @Test
  void theOfficialRecipeHasNothingToScoreInAResponseOfTwoTokens() {
    OfficialRecipe recipe =
        new OfficialRecipe(new DjlLossModel(decoder), tokenizer, SEPARATOR, (d, s, a) -> "noise");
    AssessedExample example = example("### Instruction:\nAnd?\n\n### Response:", "ab");
    assertThat(example.responseIds()).hasSize(2);
    double baseline = recipe.baselineNll(example);
    assertThat(baseline).isFinite();
    PairLoss found = recipe.pair("t", "### Instruction:\nA\n\n### Response:B", example, baseline);
    assertThat(found.conditionedNll()).isNaN();
    assertThat(found.controlNll()).isNaN();
    assertThat(found.contribution()).isNaN();
  }

  private static void assertOfficialContribution(PairLoss found, JsonNode pair) {
    if (pair.path("rico").isNull()) {
      assertThat(found.contribution()).isNaN();
      return;
    }
    double baseline = pair.path("baseline").asDouble();
    double shares =
        Math.exp(pair.path("conditioned").asDouble() - baseline)
            + Math.exp(pair.path("control").asDouble() - baseline);
    assertThat(found.contribution())
        .isCloseTo(pair.path("rico").asDouble(), within(2.01 * SHARE * shares));
  }

  private static void assertLoss(double found, JsonNode golden) {
    if (golden.isNull()) {
      assertThat(found).isNaN();
    } else {
      assertThat(found).isCloseTo(golden.asDouble(), within(Golden.TOLERANCE));
    }
  }

  private static Noise givenNoise() {
    Map<Noise.Pair, String> texts = new HashMap<>();
    for (JsonNode pair : GOLDEN.path("official")) {
      texts.put(
          new Noise.Pair(name(pair), assessed.get(pair.path("assessed").asInt()).id()),
          GOLDEN.path("control_text").get(pair.path("candidate").asInt()).asText());
    }
    return Noise.given(texts);
  }

  private static String name(JsonNode pair) {
    return "candidate-" + pair.path("candidate").asInt();
  }

  private static AssessedExample example(String prompt, String response) {
    Question question = sequences.question(prompt, response);
    return new AssessedExample(
        AssessedExample.idOf(prompt, response),
        "all",
        prompt,
        response,
        question.promptIds(),
        question.responseIds(),
        question.cuts().prompt(),
        question.cuts().response());
  }
}

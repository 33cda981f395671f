package ai.icon.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatch;
import ai.icon.loss.LengthBatches;
import ai.icon.loss.ResponseLoss;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses of the families that make_families.py made, against Hugging Face Transformers'. */
class FamilyLossIT {
  private static final int WHOLE_BATCH = 1 << 20;

  /**
   * What losses may move by in bfloat16, summed over all tokens, as a multiple of what they move by
   * in Transformers: both round at every step, not at the same ones.
   */
  private static final double BFLOAT16_SHARE = 2;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gemma",
        "gemma3-text",
        "granite",
        "stablelm",
        "stablelm-parallel",
        "ministral",
        "falcon3",
        "phi3-longrope",
        "mixtral",
        "qwen3-moe",
        "qwen3-moe-plain",
        "qwen2-window",
        "llama-yarn"
      })
  void everyPathGivesTheGoldenLosses(String name) {
    List<Golden.Case> cases = Golden.cases(name);
    List<Continuation> whole =
        cases.stream().map(c -> new Continuation(c.ids(), c.start())).toList();
    try (DjlDecoder decoder = open(name, Precision.FLOAT32)) {
      List<ResponseLoss> together = losses(decoder, new int[0], whole);
      for (int i = 0; i < cases.size(); i++) {
        assertClose(together.get(i), cases.get(i).tokenNll());
        ResponseLoss alone = losses(decoder, new int[0], List.of(whole.get(i))).get(0);
        assertClose(alone, cases.get(i).tokenNll());
        assertPrefixesGiveTheGoldenLosses(decoder, cases.get(i), whole);
      }
    }
  }

  /** A prefix shorter than a window, and one longer than it, each beside other lengths. */
  private static void assertPrefixesGiveTheGoldenLosses(
      DjlDecoder decoder, Golden.Case golden, List<Continuation> others) {
    for (int length : new int[] {5, golden.start() - 1}) {
      int[] prefix = Arrays.copyOf(golden.ids(), length);
      int[] rest = Arrays.copyOfRange(golden.ids(), length, golden.ids().length);
      List<Continuation> batch = new ArrayList<>(others);
      batch.add(new Continuation(rest, golden.start() - length));
      assertClose(losses(decoder, prefix, batch).get(others.size()), golden.tokenNll());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemma", "gemma3-text", "granite", "ministral", "qwen2-window"})
  void bfloat16IsAsCloseToTheTruthAsTransformersIs(String name) {
    double ours = 0;
    double theirs = 0;
    try (DjlDecoder decoder = open(name, Precision.BFLOAT16)) {
      List<Golden.Case> cases = Golden.cases(name);
      JsonNode nodes = Golden.read(name + "/golden.json").path("cases");
      for (int i = 0; i < cases.size(); i++) {
        Continuation whole = new Continuation(cases.get(i).ids(), cases.get(i).start());
        double[] truth = cases.get(i).tokenNll();
        float[] nll = losses(decoder, new int[0], List.of(whole)).get(0).tokenNll();
        JsonNode eager = nodes.get(i).path("token_nll_bfloat16");
        assertThat(eager).hasSize(truth.length);
        for (int t = 0; t < truth.length; t++) {
          ours += Math.abs(nll[t] - truth[t]);
          theirs += Math.abs(eager.get(t).asDouble() - truth[t]);
        }
      }
    }
    assertThat(theirs).isPositive();
    assertThat(ours).isLessThan(BFLOAT16_SHARE * theirs);
  }

  /** Texts on both sides of the length from which other frequencies rotate a text. */
  @Test
  void anEmbeddingDoesNotDependOnTheLengthOfItsNeighbours() {
    List<int[]> texts = Golden.cases("phi3-longrope").stream().map(Golden.Case::ids).toList();
    try (DjlDecoder decoder = open("phi3-longrope", Precision.FLOAT32)) {
      DjlEmbedder embedder = new DjlEmbedder(decoder);
      int threshold = decoder.spec().rotaryThreshold();
      assertThat(texts).anyMatch(ids -> ids.length > threshold);
      assertThat(texts).anyMatch(ids -> ids.length <= threshold);
      List<float[]> together = embedder.embed(texts);
      for (int i = 0; i < texts.size(); i++) {
        float[] alone = embedder.embed(List.of(texts.get(i))).get(0);
        assertThat(together.get(i)).containsExactly(alone, within(1e-4f));
      }
    }
  }

  /** These models are too small for two threads: the second one would wait, spinning. */
  private static DjlDecoder open(String name, Precision precision) {
    return DjlDecoder.load(Checkpoint.open(Golden.folder(name)), precision, "cpu", 1);
  }

  private static List<ResponseLoss> losses(
      DjlDecoder decoder, int[] prefix, List<Continuation> continuations) {
    ResponseLoss[] losses = new ResponseLoss[continuations.size()];
    try (EncodedPrefix encoded = new DjlLossModel(decoder).encode(prefix)) {
      for (LengthBatch batch : LengthBatches.plan(continuations, WHOLE_BATCH)) {
        List<ResponseLoss> some = encoded.losses(batch);
        for (int i = 0; i < some.size(); i++) {
          losses[batch.indices().get(i)] = some.get(i);
        }
      }
    }
    return List.of(losses);
  }

  private static void assertClose(ResponseLoss loss, double[] expected) {
    float[] nll = loss.tokenNll();
    assertThat(nll).hasSize(expected.length);
    for (int i = 0; i < nll.length; i++) {
      assertThat((double) nll[i]).isCloseTo(expected[i], within(Golden.TOLERANCE));
    }
  }
}

package ai.icon.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatch;
import ai.icon.loss.LengthBatches;
import ai.icon.loss.ResponseLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses of libtorch through every path against Hugging Face's and against the oracle. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenLossIT {
  private static final int WHOLE_BATCH = 1 << 20;

  /**
   * What bfloat16 may move a sequence's mean loss by, as a share of it. These weights are drawn at
   * random: losses are 7 nats a token, 14 to 25 where the output is tied. The worst seen is 0.0034.
   */
  private static final double BFLOAT16_TOLERANCE = 0.005;

  private final Map<String, DjlDecoder> decoders = new HashMap<>();

  @AfterAll
  void close() {
    decoders.values().forEach(DjlDecoder::close);
  }

  /** In float32, loaded once for all tests. */
  private DjlDecoder decoder(String name) {
    return decoders.computeIfAbsent(name, any -> open(name, Precision.FLOAT32));
  }

  @ParameterizedTest
  @MethodSource("ai.icon.djl.Golden#checkpoints")
  void wholeSequencesInABatchOfOneGiveTheGoldenLosses(String name) {
    DjlDecoder decoder = decoder(name);
    for (Golden.Case golden : Golden.cases(name)) {
      Continuation whole = new Continuation(golden.ids(), golden.start());
      assertClose(losses(decoder, new int[0], List.of(whole)).get(0), golden.tokenNll());
    }
  }

  @ParameterizedTest
  @MethodSource("ai.icon.djl.Golden#checkpoints")
  void wholeSequencesInABatchOfManyGiveTheGoldenLosses(String name) {
    List<Golden.Case> cases = Golden.cases(name);
    List<Continuation> all = cases.stream().map(c -> new Continuation(c.ids(), c.start())).toList();
    DjlDecoder decoder = decoder(name);
    List<ResponseLoss> losses = losses(decoder, new int[0], all);
    for (int i = 0; i < cases.size(); i++) {
      assertClose(losses.get(i), cases.get(i).tokenNll());
    }
  }

  @ParameterizedTest
  @MethodSource("ai.icon.djl.Golden#checkpoints")
  void sharedPrefixGivesTheGoldenLossesAloneAndBesideOthers(String name) {
    DjlDecoder decoder = decoder(name);
    try (DjlTokenizer tokenizer = Golden.tokenizer(name)) {
      List<Golden.Case> cases = Golden.cases(name);
      for (Golden.Case golden : cases) {
        int prompt = tokenizer.encode(golden.prompt()).length;
        int[] prefix = Arrays.copyOf(golden.ids(), golden.start() - prompt);
        int[] rest = Arrays.copyOfRange(golden.ids(), prefix.length, golden.ids().length);
        Continuation own = new Continuation(rest, prompt);
        List<Continuation> batch = new ArrayList<>(List.of(own));
        for (Golden.Case other : cases.subList(0, 2)) {
          batch.add(new Continuation(other.ids(), other.start()));
        }
        assertClose(losses(decoder, prefix, List.of(own)).get(0), golden.tokenNll());
        assertClose(losses(decoder, prefix, batch).get(0), golden.tokenNll());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "llama-tied",
        "llama3-rope",
        "mistral-window",
        "qwen2",
        "qwen3",
        "gemma2",
        "olmo2",
        "smollm3"
      })
  void theOracleAgreesWithBothSides(String name) {
    Checkpoint checkpoint = Checkpoint.open(Golden.folder(name));
    ReferenceDecoder oracle = new ReferenceDecoder(checkpoint);
    DjlDecoder decoder = decoder(name);
    for (Golden.Case golden : Golden.cases(name)) {
      double[] expected = oracle.nll(golden.ids(), golden.start());
      assertThat(expected).containsExactly(golden.tokenNll(), within(1e-4));
      Continuation whole = new Continuation(golden.ids(), golden.start());
      assertClose(losses(decoder, new int[0], List.of(whole)).get(0), expected);
    }
  }

  @ParameterizedTest
  @MethodSource("ai.icon.djl.Golden#checkpoints")
  void bfloat16MovesAMeanLossLittle(String name) {
    double worst = 0;
    try (DjlDecoder decoder = open(name, Precision.BFLOAT16)) {
      for (Golden.Case golden : Golden.cases(name)) {
        Continuation whole = new Continuation(golden.ids(), golden.start());
        double mean = Arrays.stream(golden.tokenNll()).average().orElseThrow();
        double loss = losses(decoder, new int[0], List.of(whole)).get(0).meanNll();
        worst = Math.max(worst, Math.abs(loss - mean) / mean);
      }
    }
    assertThat(worst).isLessThan(BFLOAT16_TOLERANCE);
  }

  @Test
  void theSameCallGivesTheSameBits() {
    Golden.Case golden = Golden.cases("llama").get(5);
    List<Continuation> one = List.of(new Continuation(golden.ids(), golden.start()));
    DjlDecoder decoder = decoder("llama");
    try (DjlDecoder again = open("llama", Precision.FLOAT32)) {
      float[] first = losses(decoder, new int[] {0, 7, 7}, one).get(0).tokenNll();
      for (int i = 0; i < 5; i++) {
        assertThat(losses(decoder, new int[] {0, 7, 7}, one).get(0).tokenNll())
            .containsExactly(first);
      }
      assertThat(losses(again, new int[] {0, 7, 7}, one).get(0).tokenNll()).containsExactly(first);
    }
  }

  @Test
  void idsOutsideTheVocabularyAreRefused() {
    DjlDecoder decoder = decoder("llama");
    assertThatThrownBy(() -> new DjlLossModel(decoder).encode(new int[] {0, 517}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid token id: must be in [0, 517), got 517");
  }

  @Test
  void aContinuationBeyondTheContextIsRefused() {
    DjlDecoder decoder = decoder("llama");
    List<Continuation> one = List.of(new Continuation(new int[300], 1));
    assertThatThrownBy(() -> losses(decoder, new int[300], one))
        .hasMessage(
            "Invalid continuation: prefix and continuation must fit the context of 512 tokens,"
                + " got 300 + 300");
    assertThatThrownBy(() -> new DjlLossModel(decoder).encode(new int[512]))
        .hasMessage("Invalid prefix: must be shorter than the context of 512 tokens, got 512");
  }

  @Test
  void embeddingsAreTheMeanAndTheLastHiddenState() {
    Checkpoint checkpoint = Checkpoint.open(Golden.folder("llama"));
    int[] ids = Golden.cases("llama").get(0).ids();
    int[] shorter = Arrays.copyOf(ids, 9);
    double[][] states = new ReferenceDecoder(checkpoint).hidden(shorter); // [S, H]
    DjlDecoder decoder = decoder("llama");
    DjlEmbedder embedder = new DjlEmbedder(decoder);
    float[] vector = embedder.embed(List.of(ids, shorter)).get(1);
    assertThat(vector).hasSize(embedder.dimension()).hasSize(128);
    for (int i = 0; i < 64; i++) {
      double mean = 0;
      for (double[] state : states) {
        mean += state[i] / states.length;
      }
      assertThat((double) vector[i]).isCloseTo(mean, within(1e-4));
      assertThat((double) vector[64 + i]).isCloseTo(states[8][i], within(1e-4));
    }
  }

  @ParameterizedTest
  @MethodSource("ai.icon.djl.Golden#checkpoints")
  void tokenizerGivesTheGoldenIdsPartByPart(String name) {
    try (DjlTokenizer tokenizer = Golden.tokenizer(name)) {
      boolean addsBos = Golden.read(name + "/golden.json").path("adds_bos").booleanValue();
      assertThat(tokenizer.bos()).isEqualTo(addsBos ? OptionalInt.of(0) : OptionalInt.empty());
      for (Golden.Case golden : Golden.cases(name)) {
        List<Integer> ids = new ArrayList<>();
        tokenizer.bos().ifPresent(ids::add);
        if (!golden.context().isEmpty()) {
          addAll(ids, tokenizer.encode(golden.context()));
          addAll(ids, tokenizer.encode("\n\n\n"));
        }
        addAll(ids, tokenizer.encode(golden.prompt()));
        assertThat(ids).hasSize(golden.start());
        addAll(ids, tokenizer.encode(golden.response()));
        assertThat(ids).containsExactlyElementsOf(Arrays.stream(golden.ids()).boxed().toList());
      }
    }
  }

  private static void addAll(List<Integer> ids, int[] more) {
    Arrays.stream(more).forEach(ids::add);
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

package ai.icon.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.checkpoint.LlamaCppConverter;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatches;
import ai.icon.loss.ResponseLoss;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses of GGUF files, with the tokenizer that they carry, against Hugging Face's. */
class GgufLossIT {
  @TempDir Path temp;

  /** Files that gguf-py wrote; the losses are those of their dequantised weights in float64. */
  @ParameterizedTest
  @ValueSource(
      strings = {"llama-q8_0.gguf", "llama-q4_1.gguf", "qwen2-bf16.gguf", "qwen2-q8_0.gguf"})
  void theFileGivesTheLossesOfItsWeights(String name) {
    JsonNode golden = Golden.read("gguf/losses.json").path(name);
    assertLosses(Golden.folder("gguf/" + name), golden);
  }

  /** In float32 a GGUF is the checkpoint that it was made from: its losses are that one's. */
  @ParameterizedTest
  @MethodSource("folders")
  void aConvertedCheckpointKeepsItsLosses(String name) {
    Path file = LlamaCppConverter.convert(Golden.folder(name), temp.resolve("model.gguf"));
    assertLosses(file, Golden.read(name + "/golden.json"));
  }

  /**
   * By hand, for files that are too large to be kept here: {@code -Dicon.gguf.file=X.gguf
   * -Dicon.gguf.losses=Y.json}, where Y has the form of a golden.json or of losses.json.
   */
  @Test
  @EnabledIfSystemProperty(named = "icon.gguf.file", matches = ".+")
  void aGivenFileGivesTheGivenLosses() throws IOException {
    Path file = Path.of(System.getProperty("icon.gguf.file"));
    JsonNode losses = new ObjectMapper().readTree(new File(System.getProperty("icon.gguf.losses")));
    JsonNode own = losses.path(file.getFileName().toString());
    assertLosses(file, own.isMissingNode() ? losses : own);
  }

  /** What the converter beside these tests writes. */
  static Stream<String> folders() {
    return Stream.concat(Golden.checkpoints().stream(), Stream.of("falcon3", "gemma"));
  }

  private static void assertLosses(Path file, JsonNode golden) {
    Checkpoint checkpoint = Checkpoint.open(file);
    assertThat(golden.path("cases")).hasSizeGreaterThanOrEqualTo(3);
    try (DjlDecoder decoder = DjlDecoder.load(checkpoint, Precision.FLOAT32, "cpu", 1);
        DjlTokenizer tokenizer =
            DjlTokenizer.open(
                checkpoint.tokenizerSource(),
                checkpoint.tokenizerJson(),
                checkpoint.tokenizerConfig())) {
      for (JsonNode one : golden.path("cases")) {
        assertLosses(decoder, tokenizer, one);
      }
    }
  }

  private static void assertLosses(DjlDecoder decoder, DjlTokenizer tokenizer, JsonNode golden) {
    int[] prompt = tokenizer.encode(golden.path("prompt").asText());
    int[] response = tokenizer.encode(golden.path("response").asText());
    int[] context = new int[0];
    if (!golden.path("context").isNull()) {
      context = join(tokenizer.encode(golden.path("context").asText()), tokenizer.encode("\n\n\n"));
    }
    int[] bos = tokenizer.bos().stream().toArray();
    int[] before = join(bos, join(context, prompt));
    Continuation whole = new Continuation(join(before, response), before.length);
    float[] found;
    try (EncodedPrefix encoded = new DjlLossModel(decoder).encode(new int[0])) {
      List<ResponseLoss> losses =
          encoded.losses(LengthBatches.plan(List.of(whole), 1 << 20).get(0));
      found = losses.get(0).tokenNll();
    }
    JsonNode expected = golden.path("token_nll");
    assertThat(found).hasSize(expected.size());
    if (golden.has("ids")) {
      assertThat(whole.ids()).isEqualTo(Golden.ints(golden.path("ids")));
    }
    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i]).isCloseTo(expected.get(i).asDouble(), within(Golden.TOLERANCE));
    }
  }

  private static int[] join(int[] left, int[] right) {
    int[] joined = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, joined, left.length, right.length);
    return joined;
  }
}

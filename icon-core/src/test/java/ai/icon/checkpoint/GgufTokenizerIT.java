package ai.icon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.djl.DjlTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Hugging Face's library makes of a GGUF's tokenizer, held to the published pre-tokenizers and
 * to SentencePiece itself (tokenizers/make_tokenizers.py).
 */
class GgufTokenizerIT {
  private static final JsonNode PRE = read("pre.json");
  private static final JsonNode PIECES = read("pieces.json");

  static List<String> published() {
    return names(PRE.path("ids"));
  }

  @ParameterizedTest
  @MethodSource("published")
  void textsAreCutAsThePublishedPreTokenizerCutsThem(String pre) {
    try (DjlTokenizer tokenizer = open(words(pre))) {
      List<String> texts = texts(PRE.path("texts"));
      JsonNode expected = PRE.path("ids").path(pre);

      for (int i = 0; i < texts.size(); i++) {
        assertThat(tokenizer.encode(texts.get(i)))
            .as("%s: %s", pre, texts.get(i))
            .containsExactly(ints(expected.get(i)));
      }
    }
  }

  @Test
  void theTextsTellThePreTokenizersApart() {
    // Of the published ones, dbrx differs from llama-bpe in flags only.
    assertThat(StreamSupport.stream(PRE.path("ids").spliterator(), false).distinct().count())
        .isGreaterThanOrEqualTo(published().size() - 1);
  }

  @Test
  void everyKnownPreTokenizerCanBeUsedAndLosesNothing() {
    for (String name : WordSplit.names()) {
      try (DjlTokenizer tokenizer = open(words(name))) {
        for (String text : texts(PRE.path("texts"))) {
          assertThat(
                  Normalizer.normalize(
                      tokenizer.decode(tokenizer.encode(text)), Normalizer.Form.NFC))
              .as(name)
              .isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"prefixed", "plain"})
  void scoresGiveTheTokensOfSentencePieceItself(String name) {
    JsonNode model = PIECES.path(name);
    try (DjlTokenizer tokenizer = open(pieces(name))) {
      List<String> texts = texts(model.path("texts"));

      for (int i = 0; i < texts.size(); i++) {
        int[] expected = ints(model.path("ids").get(i));
        assertThat(tokenizer.encode(texts.get(i)))
            .as("%s: %s", name, texts.get(i))
            .containsExactly(expected);
        assertThat(tokenizer.decode(expected))
            .as("%s: %s", name, texts.get(i))
            .isEqualTo(model.path("decoded").get(i).asText());
      }
    }
  }

  @Test
  void aMarkInATextIsOneTokenAndTheTextBehindItBeginsAnew() {
    try (DjlTokenizer prefixed = open(pieces("prefixed"));
        DjlTokenizer plain = open(pieces("plain"))) {
      assertThat(prefixed.encode("the</s>the"))
          .containsExactly(join(prefixed.encode("the"), new int[] {2}, prefixed.encode("the")));
      assertThat(plain.encode("the</s>the"))
          .containsExactly(join(plain.encode("the"), new int[] {2}, plain.encode("the")));
    }
  }

  @Test
  void bosComesFromTheFile() {
    try (DjlTokenizer silent = open(pieces("plain"));
        DjlTokenizer none = open(pieces("plain").with("tokenizer.ggml.add_bos_token", false));
        DjlTokenizer words = open(words("llama-bpe"));
        DjlTokenizer wordsAlone = open(words("gpt-2"))) {
      assertThat(silent.bos()).hasValue(1);
      assertThat(none.bos()).isEmpty();
      assertThat(words.bos()).hasValue(0);
      assertThat(wordsAlone.bos()).isEmpty();
      assertThat(silent.size()).isEqualTo(PIECES.path("plain").path("tokens").size());
    }
  }

  private static TokenizerMetadata words(String pre) {
    return TokenizerMetadata.text(texts(PRE.path("tokens")), texts(PRE.path("merges")), pre);
  }

  private static TokenizerMetadata pieces(String name) {
    JsonNode model = PIECES.path(name);
    return new TokenizerMetadata()
        .with("tokenizer.ggml.model", "llama")
        .with("tokenizer.ggml.tokens", texts(model.path("tokens")))
        .with("tokenizer.ggml.add_space_prefix", name.equals("prefixed"))
        .with(
            "tokenizer.ggml.scores",
            StreamSupport.stream(model.path("scores").spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray())
        .with(
            "tokenizer.ggml.token_type",
            IntStream.of(ints(model.path("types"))).asLongStream().toArray());
  }

  private static DjlTokenizer open(TokenizerMetadata metadata) {
    GgufTokenizer tokenizer = metadata.tokenizer();
    return DjlTokenizer.open(
        TokenizerMetadata.FILE.toString(), tokenizer.tokenizerJson(), tokenizer.tokenizerConfig());
  }

  private static int[] join(int[]... parts) {
    return Stream.of(parts).flatMapToInt(IntStream::of).toArray();
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode read(String file) {
    try {
      return new ObjectMapper()
          .readTree(GgufTokenizerIT.class.getResourceAsStream("/tokenizers/" + file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package ai.icon.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import ai.icon.prompt.SequenceBuilder;
import ai.icon.prompt.SequenceLimits;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kinds of tokenizer.json, as Hugging Face's library in Python has them (kinds.json). */
class DjlTokenizerIT {
  private static final JsonNode FIXTURE = read();
  private static final ObjectNode SILENT = JsonNodeFactory.instance.objectNode();

  static List<String> kinds() {
    List<String> kinds = new ArrayList<>();
    FIXTURE.path("kinds").fieldNames().forEachRemaining(kinds::add);
    return kinds;
  }

  static Stream<Arguments> kindsAndProcessors() {
    return kinds().stream()
        .flatMap(
            kind ->
                Stream.of("none", "BOS", "BOS_EOS", "EOS", "ROBERTA")
                    .map(processor -> Arguments.of(kind, processor)));
  }

  @ParameterizedTest
  @MethodSource("kindsAndProcessors")
  void everyPartIsTokenizedByItselfAndBosComesOnce(String kind, String processor) {
    JsonNode expected = FIXTURE.path("kinds").path(kind);
    try (DjlTokenizer tokenizer = DjlTokenizer.open(kind, json(kind, processor), SILENT)) {
      SequenceBuilder sequences =
          new SequenceBuilder(tokenizer, SequenceLimits.DEFAULT, SequenceBuilder.SEPARATOR);
      List<String> parts = new ArrayList<>();
      FIXTURE.path("parts").forEach(part -> parts.add(part.asText()));
      List<int[]> ids = new ArrayList<>();
      expected.path("part_ids").forEach(part -> ids.add(ints(part)));
      boolean hasBos = processor.contains("BOS") || processor.equals("ROBERTA");
      int[] bos = hasBos ? new int[] {expected.path("bos").asInt()} : new int[0];

      assertThat(
              sequences
                  .sequence(
                      sequences.demonstration(parts.get(0)),
                      sequences.question(parts.get(2), parts.get(3)))
                  .ids())
          .containsExactly(join(bos, ids.get(0), ids.get(1), ids.get(2), ids.get(3)));
      assertThat(sequences.sequence(sequences.question(parts.get(2), parts.get(3))).ids())
          .containsExactly(join(bos, ids.get(2), ids.get(3)));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theSizeCountsEveryIdAddedOnesToo(String kind) {
    try (DjlTokenizer tokenizer = DjlTokenizer.open(kind, json(kind, "none"), SILENT)) {
      assertThat(tokenizer.size()).isEqualTo(FIXTURE.path("kinds").path(kind).path("size").asInt());
      assertThat(tokenizer.decode(new int[] {tokenizer.size() - 1})).isNotEmpty();
    }
  }

  @Test
  void tokensAboveTheModelsVocabularyAreFoundInTexts() {
    String kind = "byte-level BPE";
    try (DjlTokenizer tokenizer = DjlTokenizer.open(kind, json(kind, "none"), SILENT)) {
      assertThat(tokenizer.encode("<|later|>")).containsExactly(tokenizer.size() - 1);
      assertThat(tokenizer.decode(tokenizer.encode("a <|late|> stone")))
          .isEqualTo("a <|late|> stone");
    }
  }

  /** What Transformers does with the flag, the post-processor and the class, in this order. */
  @ParameterizedTest
  @CsvSource({
    "none, true, '<s>', '', 1",
    "none, , '<s>', '', ",
    "none, , '<s>', LlamaTokenizerFast, 1",
    "none, , '<s>', GemmaTokenizer, 1",
    "none, , '<s>', GPT2Tokenizer, ",
    "none, , , LlamaTokenizer, ",
    "none, true, , '', ",
    "none, false, '<s>', LlamaTokenizer, ",
    "BOS, , , '', 1",
    "BOS, false, '<s>', '', ",
    "BOS, true, '<s>', '', 1",
    "EOS, , '<s>', LlamaTokenizer, ",
    "EOS, true, '<s>', '', 1",
    "BOS_EOS, , , '', 1",
  })
  void theConfigurationDecidesThenTheProcessorThenTheClass(
      String processor, Boolean flag, String name, String tokenizerClass, Integer bos) {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    if (flag != null) {
      config.put("add_bos_token", flag);
    }
    config.put("bos_token", name).put("tokenizer_class", tokenizerClass);

    try (DjlTokenizer tokenizer =
        DjlTokenizer.open("t", json("byte-level BPE", processor), config)) {
      assertThat(tokenizer.bos().stream().boxed().toList())
          .isEqualTo(bos == null ? List.of() : List.of(bos));
    }
  }

  @Test
  void aBosThatIsNoTokenIsRefused() {
    ObjectNode config =
        JsonNodeFactory.instance.objectNode().put("add_bos_token", true).put("bos_token", "<bos>");

    assertThatThrownBy(() -> DjlTokenizer.open("t.json", json("byte-level BPE", "none"), config))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Cannot read the tokenizer t.json: add_bos_token is set, but bos_token \"<bos>\" is not"
                + " one token\n"
                + "  Copy the file again from the place where the model was published.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{\"version\": \"1.0\"}",
        "{\"model\": {\"type\": \"BPE\"}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {}, \"merges\": [\"a b\"]}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}, \"merges\": []}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"a\"]}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": [\"a\"], \"merges\": []}}",
        "{\"model\": {\"type\": \"Unigram\", \"vocab\": [], \"unk_id\": 0}}",
        "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\", 0.0]], \"unk_id\": 7}}",
        "{\"model\": {\"type\": \"Unigram\", \"vocab\": {\"a\": 0}}}",
        "{\"model\": {\"type\": \"Trie\", \"vocab\": {}}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []},"
            + " \"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(\"},"
            + " \"behavior\": \"Isolated\", \"invert\": false}}",
      })
  void whatIsNoTokenizerIsRefusedAndTheJvmLives(String json) {
    assertThatThrownBy(() -> DjlTokenizer.open("t.json", json, SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Cannot read the tokenizer t.json: ")
        .hasMessageEndingWith("Copy the file again from the place where the model was published.");
  }

  /** Each of these ends the process where the library is given it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "normalizer; {'type': 'Precompiled', 'precompiled_charsmap': 'AAAA'};"
            + " precompiled_charsmap is damaged",
        "normalizer; {'type': 'Precompiled'}; precompiled_charsmap is damaged",
        "normalizer; {'type': 'Sequence', 'normalizers': [{'type': 'Precompiled',"
            + " 'precompiled_charsmap': 'BAAAAAAEAAA='}]}; precompiled_charsmap is damaged",
        "post_processor; {'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '<s>',"
            + " 'type_id': 0}}], 'pair': [], 'special_tokens': {}};"
            + " post_processor: its template names \"<s>\", which its special_tokens lack",
        "decoder; {'type': 'Sequence', 'decoders': [{'type': 'Strip', 'content': ' ', 'start': 0,"
            + " 'stop': 9}]}; a decoder that strips the end of tokens is not supported",
        "model; {'type': 'BPE', 'continuing_subword_prefix': '##', 'vocab': {'a': 50, 'b': 51},"
            + " 'merges': ['a b']};"
            + " merge \"a b\" must go on with continuing_subword_prefix ##",
        "model; {'type': 'BPE', 'vocab': {'a': 4294967295}, 'merges': []};"
            + " the id of token \"a\" must be a whole number from 0 to 2^31-1, got 4294967295",
      })
  void whatTheLibraryWouldNotSurviveIsRefusedBefore(String part, String value, String why)
      throws IOException {
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(json("byte-level BPE", "none"));
    json.set(part, new ObjectMapper().readTree(value.replace('\'', '"')));

    assertThatThrownBy(() -> DjlTokenizer.open("t.json", json.toString(), SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Cannot read the tokenizer t.json: " + why);
  }

  @Test
  void aTextThatTheTokenizerHasNoTokensForIsTheUsersError() {
    String json =
        "{\"model\": {\"type\": \"WordLevel\", \"vocab\": {\"a\": 0}, \"unk_token\": \"[UNK]\"}}";
    try (DjlTokenizer tokenizer = DjlTokenizer.open("t.json", json, SILENT)) {
      assertThat(tokenizer.encode("a")).containsExactly(0);
      assertThatThrownBy(() -> tokenizer.encode("b"))
          .isInstanceOf(UserError.class)
          .hasMessage(
              "Cannot use the tokenizer t.json: WordLevel error: Missing [UNK] token from the"
                  + " vocabulary\n"
                  + "  Copy the file again from the place where the model was published.");
    }
  }

  @Test
  void aClosedTokenizerSaysSo() {
    DjlTokenizer tokenizer = DjlTokenizer.open("t", json("unigram", "none"), SILENT);
    tokenizer.close();
    tokenizer.close();

    assertThatThrownBy(() -> tokenizer.encode("a")).isInstanceOf(IllegalStateException.class);
  }

  private static String json(String kind, String processor) {
    ObjectNode json = FIXTURE.path("kinds").path(kind).path("tokenizer").deepCopy();
    json.set(
        "post_processor",
        processor.equals("none")
            ? JsonNodeFactory.instance.nullNode()
            : FIXTURE.path("post_processors").path(processor));
    return json.toString();
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
  }

  private static int[] join(int[]... parts) {
    return Stream.of(parts).flatMapToInt(IntStream::of).toArray();
  }

  private static JsonNode read() {
    try {
      return new ObjectMapper()
          .readTree(DjlTokenizerIT.class.getResourceAsStream("/tokenizers/kinds.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package ai.icon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class GgufTokenizerTest {
  private static final String CURE =
      "Convert the model anew with llama.cpp's convert_hf_to_gguf.py, or use the Hugging Face"
          + " folder that the file was made from.";

  @Test
  void everyTokenKeepsItsIdAndMarksAreAdded() throws IOException {
    JsonNode json = json(TokenizerMetadata.bytePairs());

    assertThat(json.path("model").path("vocab")).hasSize(11);
    assertThat(json.path("model").path("vocab").path("[PAD10]").asInt()).isEqualTo(10);
    assertThat(json.path("added_tokens").findValuesAsText("content"))
        .containsExactly("<s>", "</s>", "<tool>");
    assertThat(json.path("added_tokens").findValuesAsText("id")).containsExactly("0", "1", "2");
    assertThat(json.path("added_tokens").findValuesAsText("special"))
        .containsExactly("true", "true", "false");
    assertThat(json.path("model").path("merges").get(1))
        .extracting(JsonNode::asText)
        .containsExactly("ab", "c");
  }

  @Test
  void anEndOfTurnIsAMarkEvenWhereItsKindIsText() throws IOException {
    JsonNode json =
        json(
            TokenizerMetadata.bytePairs()
                .with("tokenizer.ggml.tokens", List.of("a", "b", "ab", "<|im_end|>"))
                .with("tokenizer.ggml.merges", List.of("a b"))
                .without("tokenizer.ggml.token_type"));

    assertThat(json.path("added_tokens").findValuesAsText("content")).containsExactly("<|im_end|>");
  }

  @Test
  void tokensWithoutTextGetNames() throws IOException {
    JsonNode json =
        json(
            TokenizerMetadata.bytePairs()
                .with("tokenizer.ggml.tokens", List.of("a", "", "b", "", "ab"))
                .with("tokenizer.ggml.merges", List.of("a b"))
                .without("tokenizer.ggml.token_type"));

    assertThat(json.path("model").path("vocab").path("[EMPTY_3]").asInt()).isEqualTo(3);
  }

  @Test
  void ofTwoEqualMergesTheFirstCounts() throws IOException {
    JsonNode json =
        json(
            TokenizerMetadata.bytePairs()
                .with("tokenizer.ggml.merges", List.of("a b", "ab c", "a b")));

    assertThat(json.path("model").path("merges")).hasSize(2);
  }

  @Test
  void bosIsAddedAsTheFileSaysElseAsItsKindDoes() {
    assertThat(addsBos(TokenizerMetadata.bytePairs())).isFalse();
    assertThat(addsBos(TokenizerMetadata.bytePairs().with("tokenizer.ggml.pre", "llama-bpe")))
        .isTrue();
    assertThat(addsBos(TokenizerMetadata.bytePairs().with("tokenizer.ggml.add_bos_token", true)))
        .isTrue();
    assertThat(addsBos(TokenizerMetadata.sentencePiece())).isTrue();
    assertThat(
            addsBos(TokenizerMetadata.sentencePiece().with("tokenizer.ggml.add_bos_token", false)))
        .isFalse();
  }

  @Test
  void theConfigNamesTheTokensThatPlayAPart() {
    JsonNode config =
        TokenizerMetadata.bytePairs()
            .with("tokenizer.ggml.padding_token_id", 10L)
            .tokenizer()
            .tokenizerConfig();

    assertThat(config.path("bos_token").asText()).isEqualTo("<s>");
    assertThat(config.path("eos_token").asText()).isEqualTo("</s>");
    assertThat(config.path("pad_token").asText()).isEqualTo("[PAD10]");
    assertThat(config.has("unk_token")).isFalse();
  }

  @Test
  void theChatTemplateIsTheOneOfTheFile() {
    TokenizerMetadata metadata = TokenizerMetadata.bytePairs();

    assertThat(metadata.tokenizer().chatTemplate()).isEmpty();
    assertThat(metadata.with("tokenizer.chat_template", "{{ x }}").tokenizer().chatTemplate())
        .contains("{{ x }}");
  }

  @Test
  void mergesComeFromTheScoresHighestFirst() throws IOException {
    JsonNode json = json(TokenizerMetadata.sentencePiece());

    assertThat(json.path("model").path("merges"))
        .extracting(JsonNode::toString)
        .containsExactly("[\"a\",\"b\"]", "[\"▁\",\"ab\"]");
    assertThat(json.path("model").path("unk_token").asText()).isEqualTo("<unk>");
  }

  @Test
  void spacesThatAUserDefinedAreWrittenAsTheyStandInATextInEitherSpelling() throws IOException {
    TokenizerMetadata plain =
        TokenizerMetadata.sentencePiece()
            .with(
                "tokenizer.ggml.tokens",
                List.of("<unk>", "<s>", "</s>", "  ", "▁", "a", "b", "ab", "▁ab"));

    assertThat(json(TokenizerMetadata.sentencePiece())).isEqualTo(json(plain));
    assertThat(json(plain).path("added_tokens").findValuesAsText("content"))
        .containsExactly("<unk>", "<s>", "</s>", "  ");
  }

  @Test
  void theMarksOfPhi3SwallowTheWhiteSpaceBehindThem() throws IOException {
    JsonNode added =
        json(TokenizerMetadata.sentencePiece().with("general.architecture", "phi3"))
            .path("added_tokens");

    assertThat(added.findValuesAsText("rstrip")).containsExactly("false", "false", "true", "true");
  }

  @Test
  void kindsThatAreNotUnderstoodAreRefusedByName() {
    refused(
        TokenizerMetadata.bytePairs().with("tokenizer.ggml.model", "t5"),
        "its kind (tokenizer.ggml.model) is \"t5\"; supported are gpt2 (byte-level BPE) and llama"
            + " (SentencePiece)");
    refused(
        TokenizerMetadata.bytePairs().without("tokenizer.ggml.pre"),
        "it does not say how texts are cut into words (tokenizer.ggml.pre)");
    assertThatThrownBy(
            TokenizerMetadata.bytePairs().with("tokenizer.ggml.pre", "kimi-k2")::tokenizer)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "Cannot use models/tiny.gguf: its pre-tokenizer (tokenizer.ggml.pre) \"kimi-k2\" is"
                + " not supported\n  Supported are a.x-4.0, bailingmoe, ")
        .hasMessageContaining(", qwen2, ")
        .hasMessageEndingWith(
            "Use the Hugging Face folder that the file was made from: its tokenizer.json says all"
                + " of it.");
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    refused(
        TokenizerMetadata.bytePairs().without("tokenizer.ggml.tokens"),
        "it carries no tokens (tokenizer.ggml.tokens)");
    refused(
        TokenizerMetadata.bytePairs().with("tokenizer.ggml.tokens", List.of("a", "b", "a")),
        "it has 3 tokens, but 11 kinds of tokens (tokenizer.ggml.token_type)");
    refused(
        TokenizerMetadata.bytePairs()
            .with("tokenizer.ggml.tokens", List.of("a", "b", "a"))
            .without("tokenizer.ggml.token_type"),
        "the token \"a\" is there twice, as 0 and 2");
    refused(
        TokenizerMetadata.bytePairs()
            .with("tokenizer.ggml.tokens", List.of("a", "b".repeat(4_097)))
            .without("tokenizer.ggml.token_type"),
        "a token has at most 4096 characters, number 1 has 4097");
    refused(
        TokenizerMetadata.bytePairs().without("tokenizer.ggml.merges"),
        "it carries no merges (tokenizer.ggml.merges)");
    refused(
        TokenizerMetadata.bytePairs().with("tokenizer.ggml.merges", List.of("a b", "ab")),
        "merge 1 must be two tokens and a space between, got \"ab\"");
    refused(
        TokenizerMetadata.bytePairs().with("tokenizer.ggml.merges", List.of("a b", "b c")),
        "merge 1 joins \"b\" and \"c\", but \"bc\" is no token");
    refused(
        TokenizerMetadata.bytePairs().with("tokenizer.ggml.eos_token_id", 11L),
        "its tokenizer.ggml.eos_token_id is 11, but it has 11 tokens");
    refused(
        TokenizerMetadata.bytePairs()
            .without("tokenizer.ggml.bos_token_id")
            .with("tokenizer.ggml.add_bos_token", true),
        "it adds a token to every text, but does not say which (tokenizer.ggml.bos_token_id)");
    refused(
        TokenizerMetadata.sentencePiece().with("tokenizer.ggml.scores", new double[] {1, 2}),
        "it has 9 tokens, but 2 scores (tokenizer.ggml.scores)");
  }

  @Test
  void aLargeVocabularyTakesSeconds() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    List<String> merges = new ArrayList<>();
    for (char letter = 'a'; letter <= 'z'; letter++) {
      tokens.add(String.valueOf(letter));
    }
    for (int from = 3; tokens.size() < 250_000; from++) {
      for (char letter = 'a'; letter <= 'z'; letter++) {
        tokens.add(tokens.get(from) + letter);
        merges.add(tokens.get(from) + " " + letter);
      }
    }
    double[] scores = DoubleStream.iterate(0, score -> score - 1).limit(tokens.size()).toArray();
    TokenizerMetadata pieces =
        new TokenizerMetadata()
            .with("tokenizer.ggml.model", "llama")
            .with("tokenizer.ggml.tokens", tokens)
            .with("tokenizer.ggml.scores", scores);
    TokenizerMetadata bytes = TokenizerMetadata.text(tokens, merges, "qwen2");

    long begun = System.nanoTime();
    assertThat(pieces.tokenizer().tokenizerJson().length()).isGreaterThan(5_000_000);
    assertThat(bytes.tokenizer().tokenizerJson().length()).isGreaterThan(5_000_000);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    assertThat(tokens).hasSizeGreaterThanOrEqualTo(250_000);
  }

  private static boolean addsBos(TokenizerMetadata metadata) {
    GgufTokenizer tokenizer = metadata.tokenizer();
    boolean isInConfig = tokenizer.tokenizerConfig().path("add_bos_token").asBoolean();
    boolean isProcessed = tokenizer.tokenizerJson().contains("\"TemplateProcessing\"");
    assertThat(isInConfig).isEqualTo(isProcessed);
    return isInConfig;
  }

  private static void refused(TokenizerMetadata metadata, String why) {
    assertThatThrownBy(metadata::tokenizer)
        .isInstanceOf(UserError.class)
        .hasMessage("Cannot use the tokenizer of models/tiny.gguf: " + why + "\n  " + CURE);
  }

  private static JsonNode json(TokenizerMetadata metadata) throws IOException {
    return new ObjectMapper().readTree(metadata.tokenizer().tokenizerJson());
  }
}

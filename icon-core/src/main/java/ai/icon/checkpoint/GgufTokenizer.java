package ai.icon.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tokenizer that a GGUF carries, written as the two files of a Hugging Face folder. Byte-level
 * BPE ({@code gpt2}) and SentencePiece's BPE ({@code llama}) are understood. Immutable.
 *
 * <p>Where the file does not say whether BOS is added, llama.cpp's default for its kind holds. Two
 * things that llama.cpp does with a warning are refused: a byte-level tokenizer that does not say
 * how texts are cut, and a BOS that is added but not named.
 */
final class GgufTokenizer {
  private static final String MODEL = "tokenizer.ggml.model";
  private static final String PRE = "tokenizer.ggml.pre";
  private static final String MERGES = "tokenizer.ggml.merges";
  private static final String SCORES = "tokenizer.ggml.scores";
  private static final String SPACE_PREFIX = "tokenizer.ggml.add_space_prefix";
  private static final String CHAT_TEMPLATE = "tokenizer.chat_template";

  /** SentencePiece's own numbers, where a file names none. */
  private static final Map<String, Long> SENTENCE_PIECE_IDS =
      Map.of(SpecialTokens.UNKNOWN, 0L, SpecialTokens.BOS, 1L, SpecialTokens.EOS, 2L);

  private final String json;
  private final JsonNode config;
  private final Optional<String> chatTemplate;

  private GgufTokenizer(GgufMetadata metadata, String json, SpecialTokens special) {
    this.json = json;
    this.config = special.config();
    this.chatTemplate = metadata.text(CHAT_TEMPLATE);
  }

  /**
   * Makes the tokenizer.
   *
   * @throws ai.icon.error.UserError if there is none, it is of another kind or cut by an unknown
   *     rule (naming it), or its parts do not fit each other
   */
  static GgufTokenizer of(GgufMetadata metadata) {
    String model = metadata.requireText(MODEL);
    return switch (model) {
      case "gpt2" -> bytePairs(metadata);
      case "llama" -> sentencePiece(metadata);
      default ->
          throw GgufVocabulary.refused(
              metadata,
              ("its kind (%s) is \"%s\"; supported are gpt2 (byte-level BPE) and llama"
                      + " (SentencePiece)")
                  .formatted(MODEL, model));
    };
  }

  /** The text of a tokenizer.json. */
  String tokenizerJson() {
    return json;
  }

  /**
   * What a tokenizer_config.json says: {@code bos_token}, {@code eos_token}, {@code unk_token} and
   * {@code pad_token} where there are such, {@code add_bos_token}, {@code add_eos_token}.
   */
  JsonNode tokenizerConfig() {
    return config;
  }

  /** The chat template, Jinja; empty where the file has none. */
  Optional<String> chatTemplate() {
    return chatTemplate;
  }

  private static GgufTokenizer bytePairs(GgufMetadata metadata) {
    WordSplit split =
        metadata
            .text(PRE)
            .map(name -> WordSplit.of(name, metadata.file()))
            .orElseThrow(
                () ->
                    GgufVocabulary.refused(
                        metadata,
                        "it does not say how texts are cut into words (%s)".formatted(PRE)));
    GgufVocabulary vocabulary = GgufVocabulary.of(metadata);
    SpecialTokens special = SpecialTokens.of(metadata, vocabulary, Map.of(), split.addsBos());
    List<Merge> merges = merges(metadata, vocabulary);
    return new GgufTokenizer(
        metadata, TokenizerJson.bytePairs(vocabulary, merges, split, special), special);
  }

  private static List<Merge> merges(GgufMetadata metadata, GgufVocabulary vocabulary) {
    List<String> lines = metadata.texts(MERGES);
    if (lines.isEmpty()) {
      throw GgufVocabulary.refused(metadata, "it carries no merges (%s)".formatted(MERGES));
    }
    Set<Merge> seen = new HashSet<>(2 * lines.size());
    List<Merge> merges = new ArrayList<>(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int space = line.indexOf(' ', 1);
      if (space < 0) {
        throw GgufVocabulary.refused(
            metadata,
            "merge %d must be two tokens and a space between, got \"%s\"".formatted(i, line));
      }
      Merge merge = new Merge(line.substring(0, space), line.substring(space + 1));
      requireTokens(metadata, vocabulary, merge, i);
      if (seen.add(merge)) { // of two equal ones the first counts
        merges.add(merge);
      }
    }
    return merges;
  }

  private static void requireTokens(
      GgufMetadata metadata, GgufVocabulary vocabulary, Merge merge, int index) {
    for (String token : List.of(merge.left(), merge.right(), merge.left() + merge.right())) {
      if (!vocabulary.has(token)) {
        throw GgufVocabulary.refused(
            metadata,
            "merge %d joins \"%s\" and \"%s\", but \"%s\" is no token"
                .formatted(index, merge.left(), merge.right(), token));
      }
    }
  }

  private static GgufTokenizer sentencePiece(GgufMetadata metadata) {
    GgufVocabulary vocabulary = GgufVocabulary.of(metadata).withPlainSpaces();
    double[] scores = metadata.numbers(SCORES);
    if (scores.length != vocabulary.size()) {
      throw GgufVocabulary.refused(
          metadata,
          "it has %d tokens, but %d scores (%s)"
              .formatted(vocabulary.size(), scores.length, SCORES));
    }
    SpecialTokens special = SpecialTokens.of(metadata, vocabulary, SENTENCE_PIECE_IDS, true);
    List<Merge> merges = SentencePiece.merges(vocabulary, scores);
    boolean hasPrefix = metadata.flag(SPACE_PREFIX).orElse(true);
    return new GgufTokenizer(
        metadata, TokenizerJson.sentencePiece(vocabulary, merges, hasPrefix, special), special);
  }
}

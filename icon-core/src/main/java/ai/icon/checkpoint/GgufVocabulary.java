package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tokens of a GGUF: their texts in the order of their ids, and which of them are cut out of a
 * text before anything else is done with it. Source: GGUF's {@code tokenizer.ggml.*}, with the
 * kinds of token and the exceptions of llama.cpp's llama-vocab.cpp.
 */
final class GgufVocabulary {
  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final String TYPES = "tokenizer.ggml.token_type";

  /** Each way to cut a token in two is tried; the longest of published ones have some hundred. */
  private static final int MAX_LENGTH = 4_096;

  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  /** Ends of turns and texts: cut out even where an old converter called them normal. */
  private static final Set<String> ENDS =
      Set.of(
          "<|eot_id|>",
          "<|eom_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<EOT>",
          "<end_of_utterance>",
          "<\uFF5Cend\u2581of\u2581sentence\uFF5C>");

  /** The marks of Phi-3 swallow the white space behind them, but for these. */
  private static final Set<String> KEEP_SPACES = Set.of("<unk>", "<s>", "<|endoftext|>");

  private final GgufMetadata metadata;
  private final List<String> texts;
  private final Map<String, Integer> ids;
  private final long[] types;

  private GgufVocabulary(
      GgufMetadata metadata, List<String> texts, Map<String, Integer> ids, long[] types) {
    this.metadata = metadata;
    this.texts = texts;
    this.ids = ids;
    this.types = types;
  }

  /**
   * A token that is found in a text as it stands there.
   *
   * @param id its number
   * @param content its text
   * @param isSpecial whether it is a mark and no text: control or unknown
   * @param takesSpaces whether it swallows the white space behind it
   */
  record Marker(int id, String content, boolean isSpecial, boolean takesSpaces) {}

  /**
   * Reads the tokens.
   *
   * @throws UserError if there are none, one is there twice or too long, or the kinds are not as
   *     many
   */
  static GgufVocabulary of(GgufMetadata metadata) {
    List<String> tokens = metadata.texts(TOKENS);
    long[] types = metadata.integers(TYPES);
    if (tokens.isEmpty()) {
      throw refused(metadata, "it carries no tokens (tokenizer.ggml.tokens)");
    }
    if (types.length != 0 && types.length != tokens.size()) {
      throw refused(
          metadata,
          "it has %d tokens, but %d kinds of tokens (%s)"
              .formatted(tokens.size(), types.length, TYPES));
    }
    Map<String, Integer> ids = new HashMap<>(2 * tokens.size());
    List<String> texts = new ArrayList<>(tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      String token = tokens.get(id);
      if (token.length() > MAX_LENGTH) {
        throw refused(
            metadata,
            "a token has at most %d characters, number %d has %d"
                .formatted(MAX_LENGTH, id, token.length()));
      }
      String text = token.isEmpty() ? "[EMPTY_" + id + "]" : token;
      Integer first = ids.putIfAbsent(text, id);
      if (first != null) {
        throw refused(
            metadata, "the token \"%s\" is there twice, as %d and %d".formatted(text, first, id));
      }
      texts.add(text);
    }
    return new GgufVocabulary(metadata, texts, ids, types);
  }

  /** What is said of a tokenizer that cannot be used. */
  static UserError refused(GgufMetadata metadata, String why) {
    return new UserError(
        "Cannot use the tokenizer of %s: %s".formatted(metadata.file(), why),
        "Convert the model anew with llama.cpp's convert_hf_to_gguf.py, or use the Hugging Face"
            + " folder that the file was made from.");
  }

  /**
   * The same tokens, where those that a user defined are written as they stand in a text, with a
   * space for SentencePiece's mark of one; converters have done it either way.
   */
  GgufVocabulary withPlainSpaces() {
    List<String> plain = new ArrayList<>(texts);
    Map<String, Integer> plainIds = new HashMap<>(ids);
    for (int id = 0; id < types.length; id++) {
      String text = texts.get(id).replace(SentencePiece.SPACE, " ");
      if (types[id] == USER_DEFINED && !plainIds.containsKey(text)) {
        plainIds.remove(texts.get(id));
        plainIds.put(text, id);
        plain.set(id, text);
      }
    }
    return new GgufVocabulary(metadata, plain, plainIds, types);
  }

  /** Number of tokens. */
  int size() {
    return texts.size();
  }

  /** The text of a token, in the tokenizer's own spelling. */
  String text(int id) {
    return texts.get(id);
  }

  /** Whether a text is a token. */
  boolean has(String text) {
    return ids.containsKey(text);
  }

  /** The id of a token that is there. */
  int id(String text) {
    return ids.get(text);
  }

  /**
   * The tokens that are cut out of a text first, in the order of their ids; those that are unused
   * keep their ids and are never met.
   */
  List<Marker> markers() {
    boolean takesSpaces = isPhi3();
    List<Marker> markers = new ArrayList<>();
    for (int id = 0; id < texts.size(); id++) {
      String text = texts.get(id);
      long type = types.length == 0 ? 0 : types[id];
      boolean isSpecial = type == CONTROL || type == UNKNOWN || ENDS.contains(text);
      if (isSpecial || type == USER_DEFINED) {
        markers.add(new Marker(id, text, isSpecial, takesSpaces && !KEEP_SPACES.contains(text)));
      }
    }
    return markers;
  }

  /** No key says so: llama.cpp goes by the model's name as well. */
  private boolean isPhi3() {
    return metadata.text("tokenizer.ggml.model").orElse("").equals("llama")
        && metadata.text("general.architecture").orElse("").equals("phi3");
  }
}

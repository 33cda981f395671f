package ai.icon.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The tokens of a GGUF that play a part, and which of them the tokenizer puts round a text by
 * itself.
 *
 * @param texts by their names in a tokenizer_config.json: bos_token, eos_token, unk_token,
 *     pad_token; those that are there
 * @param addsBos whether BOS stands before every text; there is one then
 * @param addsEos whether EOS stands behind every text; there is one then
 */
record SpecialTokens(Map<String, String> texts, boolean addsBos, boolean addsEos) {
  static final String BOS = "bos_token";
  static final String EOS = "eos_token";
  static final String UNKNOWN = "unk_token";
  private static final String PADDING = "pad_token";

  /** What GGUF calls them. */
  private static final Map<String, String> KEYS =
      Map.of(BOS, "bos", EOS, "eos", UNKNOWN, "unknown", PADDING, "padding");

  /** Copies the texts, in the order of their names. */
  SpecialTokens {
    texts = Collections.unmodifiableMap(new TreeMap<>(texts));
  }

  /**
   * Reads them.
   *
   * @param ids where the file names none
   * @param addsBos where the file does not say
   * @throws ai.icon.error.UserError if an id is no token's, or one is to be added that is not there
   */
  static SpecialTokens of(
      GgufMetadata metadata, GgufVocabulary vocabulary, Map<String, Long> ids, boolean addsBos) {
    Map<String, String> texts = new HashMap<>();
    KEYS.forEach(
        (name, role) ->
            text(metadata, vocabulary, role, ids.getOrDefault(name, -1L))
                .ifPresent(text -> texts.put(name, text)));
    SpecialTokens tokens =
        new SpecialTokens(
            texts,
            metadata.flag("tokenizer.ggml.add_bos_token").orElse(addsBos),
            metadata.flag("tokenizer.ggml.add_eos_token").orElse(false));
    tokens.require(metadata, tokens.addsBos, BOS);
    tokens.require(metadata, tokens.addsEos, EOS);
    return tokens;
  }

  private void require(GgufMetadata metadata, boolean isAdded, String name) {
    if (isAdded && !texts.containsKey(name)) {
      throw GgufVocabulary.refused(
          metadata,
          "it adds a token to every text, but does not say which (tokenizer.ggml.%s_token_id)"
              .formatted(KEYS.get(name)));
    }
  }

  private static Optional<String> text(
      GgufMetadata metadata, GgufVocabulary vocabulary, String role, long otherwise) {
    String key = "tokenizer.ggml." + role + "_token_id";
    OptionalLong given = metadata.integer(key);
    long id = given.orElse(otherwise);
    if (id >= 0 && id < vocabulary.size()) {
      return Optional.of(vocabulary.text((int) id));
    }
    if (given.isPresent()) {
      throw GgufVocabulary.refused(
          metadata, "its %s is %d, but it has %d tokens".formatted(key, id, vocabulary.size()));
    }
    return Optional.empty();
  }

  /** The text of a token that is there. */
  String text(String name) {
    return texts.get(name);
  }

  /** As a tokenizer_config.json says it. */
  JsonNode config() {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    texts.forEach(config::put);
    return config.put("add_bos_token", addsBos).put("add_eos_token", addsEos);
  }
}

package ai.icon.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The special tokens of a checkpoint, as text: what a chat template sees of them.
 *
 * @param texts by name, such as {@code bos_token}; those that the tokenizer has not are absent
 */
public record SpecialTokens(Map<String, String> texts) {
  /** A tokenizer without any. */
  public static final SpecialTokens NONE = new SpecialTokens(Map.of());

  private static final List<String> NAMES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  /** Copies the texts. */
  public SpecialTokens {
    texts = Map.copyOf(texts);
  }

  /**
   * Those of tokenizer_config.json: each a text, or an object with its {@code content}.
   *
   * @param tokenizerConfig an object
   */
  public static SpecialTokens of(JsonNode tokenizerConfig) {
    Map<String, String> texts = new TreeMap<>();
    for (String name : NAMES) {
      JsonNode token = tokenizerConfig.path(name);
      String text = (token.isObject() ? token.path("content") : token).asText("");
      if (!text.isEmpty() && !token.isNull()) {
        texts.put(name, text);
      }
    }
    return new SpecialTokens(texts);
  }

  /** The text of the token that begins a sequence. */
  Optional<String> bos() {
    return Optional.ofNullable(texts.get("bos_token"));
  }
}

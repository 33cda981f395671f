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
 * @param isBosAdded whether the tokenizer puts its BOS in front of every text; some only name one,
 *     and it may be what their turns begin with
 */
public record SpecialTokens(Map<String, String> texts, boolean isBosAdded) {
  /** A tokenizer without any. */
  public static final SpecialTokens NONE = new SpecialTokens(Map.of(), false);

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
   * @param isBosAdded whether the tokenizer puts its BOS in front of every text
   */
  public static SpecialTokens of(JsonNode tokenizerConfig, boolean isBosAdded) {
    Map<String, String> texts = new TreeMap<>();
    for (String name : NAMES) {
      JsonNode token = tokenizerConfig.path(name);
      String text = (token.isObject() ? token.path("content") : token).asText("");
      if (!text.isEmpty() && !token.isNull()) {
        texts.put(name, text);
      }
    }
    return new SpecialTokens(texts, isBosAdded);
  }

  /** The text of the token that the tokenizer puts in front of every text, if it does. */
  Optional<String> addedBos() {
    return Optional.ofNullable(texts.get("bos_token")).filter(any -> isBosAdded);
  }
}

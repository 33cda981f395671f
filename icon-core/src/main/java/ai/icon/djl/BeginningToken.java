package ai.icon.djl;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which token a checkpoint's tokenizer puts before every text, if any. {@code add_bos_token} of
 * tokenizer_config.json decides where it is given; else the post-processor of tokenizer.json; where
 * that has none, the tokenizer's class, of which those of Llama and Gemma add a BOS. A token that
 * is to be added but has no name is not added.
 *
 * <p>Source: Transformers' TokenizersBackend; the classes' default, its version 4.
 */
final class BeginningToken {
  private static final Set<String> ADDING_CLASSES =
      Set.of("LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer", "CohereTokenizer");

  /** Texts of which at least one has tokens in any vocabulary worth the name. */
  private static final List<String> PROBES = List.of("a", "1", "\u4E00", " ");

  private BeginningToken() {}

  /**
   * The token's id.
   *
   * @param root the tokenizer.json that the tokenizer was read from
   * @param config tokenizer_config.json, or an empty object
   * @throws IllegalArgumentException if a BOS is to be added whose name is not one token
   */
  static OptionalInt of(HuggingFaceTokenizer tokenizer, JsonNode root, JsonNode config) {
    JsonNode flag = config.path("add_bos_token");
    if (flag.isBoolean() && !flag.booleanValue()) {
      return OptionalInt.empty();
    }
    OptionalInt processed = firstAdded(tokenizer);
    if (processed.isPresent()) {
      return processed;
    }
    return flag.asBoolean(isAddedByClass(root, config)) ? named(tokenizer, config) : processed;
  }

  private static OptionalInt firstAdded(HuggingFaceTokenizer tokenizer) {
    for (String probe : PROBES) {
      Encoding plain = tokenizer.encode(probe, false, false);
      if (plain.getIds().length > 0) {
        Encoding whole = tokenizer.encode(probe, true, false);
        boolean isAdded = whole.getSpecialTokenMask()[0] == 1;
        return isAdded ? OptionalInt.of((int) whole.getIds()[0]) : OptionalInt.empty();
      }
    }
    return OptionalInt.empty();
  }

  private static boolean isAddedByClass(JsonNode root, JsonNode config) {
    String name = config.path("tokenizer_class").asText("");
    String slow = name.endsWith("Fast") ? name.substring(0, name.length() - 4) : name;
    JsonNode processor = root.path("post_processor");
    return (processor.isNull() || processor.isMissingNode()) && ADDING_CLASSES.contains(slow);
  }

  private static OptionalInt named(HuggingFaceTokenizer tokenizer, JsonNode config) {
    String text = text(config);
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    long[] ids = tokenizer.encode(text, false, false).getIds();
    if (ids.length != 1) {
      throw new IllegalArgumentException(
          "add_bos_token is set, but bos_token \"" + text + "\" is not one token");
    }
    return OptionalInt.of((int) ids[0]);
  }

  /** What tokenizer_config.json calls its BOS; empty where it names none. */
  static String text(JsonNode config) {
    JsonNode name = config.path("bos_token");
    JsonNode text = name.isObject() ? name.path("content") : name;
    return text.isTextual() ? text.textValue() : "";
  }
}

package ai.icon.djl;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Faults of a tokenizer.json at which the native library aborts the process, because it takes for
 * granted what its own writer guarantees. Ids and the post-processor's template are checked by
 * {@link TokenizerVocabulary}; everything else that is wrong the library refuses itself. Source:
 * tokenizers 0.21.4, whose panics end a JVM.
 */
final class TokenizerFaults {
  private TokenizerFaults() {}

  /**
   * Looks for them.
   *
   * @param root a tokenizer.json
   * @throws IllegalArgumentException naming the fault
   */
  static void check(JsonNode root) {
    checkMerges(root.path("model"));
    checkCharacterMap(root.path("normalizer"));
    checkStrip(root.path("decoder"));
  }

  /** The prefix is cut off a merge's right part unseen. */
  private static void checkMerges(JsonNode model) {
    String prefix = model.path("continuing_subword_prefix").asText("");
    if (prefix.isEmpty() || model.path("continuing_subword_prefix").isNull()) {
      return;
    }
    for (JsonNode merge : model.path("merges")) {
      String text = merge.isArray() ? merge.path(1).asText("") : merge.asText("");
      String right = merge.isArray() ? text : text.substring(text.indexOf(' ') + 1);
      require(
          right.startsWith(prefix),
          "merge %s must go on with continuing_subword_prefix %s".formatted(merge, prefix));
    }
  }

  private static void checkCharacterMap(JsonNode normalizer) {
    for (JsonNode part : normalizer.path("normalizers")) {
      checkCharacterMap(part);
    }
    if (normalizer.path("type").asText("").equals("Precompiled")) {
      require(
          isCharacterMap(normalizer.path("precompiled_charsmap")),
          "precompiled_charsmap is damaged");
    }
  }

  /**
   * SentencePiece's form: bytes of a trie (32 bits, little-endian), a double array of 32-bit units,
   * then UTF-8 texts that its values point into. Bit 31 marks a value; of another unit, the
   * children stand in the block of 256 that its offset leads to.
   */
  private static boolean isCharacterMap(JsonNode encoded) {
    ByteBuffer map;
    try {
      map = ByteBuffer.wrap(Base64.getDecoder().decode(encoded.asText("")));
    } catch (IllegalArgumentException e) {
      return false;
    }
    map.order(ByteOrder.LITTLE_ENDIAN);
    if (map.remaining() < 4) {
      return false;
    }
    int bytes = map.getInt();
    if (bytes < 4 || bytes % 4 != 0 || bytes > map.remaining()) {
      return false;
    }
    ByteBuffer texts = map.slice(map.position() + bytes, map.remaining() - bytes);
    int units = bytes / 4;
    for (int at = 0; at < units; at++) {
      int unit = map.getInt();
      int offset = (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
      boolean isInside =
          unit < 0
              ? isTextStart(texts, unit & Integer.MAX_VALUE)
              : Integer.compareUnsigned((at ^ offset) | 0xFF, units) < 0;
      if (!isInside) {
        return false;
      }
    }
    return isUtf8(texts);
  }

  private static boolean isTextStart(ByteBuffer texts, int at) {
    if (at >= texts.limit()) {
      return at == texts.limit();
    }
    return (texts.get(at) & 0xC0) != 0x80;
  }

  private static boolean isUtf8(ByteBuffer bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes);
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Characters are cut off the end of a token whether it has them or not. */
  private static void checkStrip(JsonNode decoder) {
    for (JsonNode part : decoder.path("decoders")) {
      checkStrip(part);
    }
    boolean isStrip = decoder.path("type").asText("").equals("Strip");
    require(
        !isStrip || decoder.path("stop").asInt(0) == 0,
        "a decoder that strips the end of tokens is not supported");
  }

  private static void require(boolean isMet, String rule) {
    if (!isMet) {
      throw new IllegalArgumentException(rule);
    }
  }
}

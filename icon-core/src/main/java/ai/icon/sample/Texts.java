package ai.icon.sample;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What is asked of a text before it may become part of a sample. */
final class Texts {
  private Texts() {}

  /** Whether nothing is left once a chat template has trimmed: Python's idea of white space. */
  static boolean blank(String text) {
    return text.codePoints()
        .allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85);
  }

  static boolean loneSurrogate(String text) {
    return text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /** Checks a text that will stand in a prompt or response. */
  static void check(String field, String text) throws UnusableRow {
    if (text.indexOf('\0') >= 0) {
      throw new UnusableRow(
          RejectReason.CONTROL_CHARACTERS,
          "Cannot use row: " + field + " holds NUL at character " + text.indexOf('\0'));
    }
    if (loneSurrogate(text)) {
      throw new UnusableRow(
          RejectReason.LONE_SURROGATE,
          "Cannot use row: " + field + " holds half of a surrogate pair");
    }
  }

  static String decode(byte[] utf8) throws UnusableRow {
    ByteBuffer in = ByteBuffer.wrap(utf8);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(in)
          .toString();
    } catch (CharacterCodingException e) {
      throw new UnusableRow(
          RejectReason.INVALID_UTF8,
          "Cannot use row: not UTF-8 at or after byte " + in.position() + " of the row");
    }
  }

  /** A node's type as messages write it. */
  static String article(JsonNode node) {
    String type = node.getNodeType().name().toLowerCase(Locale.ROOT);
    return switch (node.getNodeType()) {
      case ARRAY, OBJECT -> "an " + type;
      case NULL -> type;
      default -> "a " + type;
    };
  }
}

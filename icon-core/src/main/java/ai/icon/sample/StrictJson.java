package ai.icon.sample;

import static ai.icon.sample.RejectReason.DUPLICATE_KEY;
import static ai.icon.sample.RejectReason.INVALID_JSON;
import static ai.icon.sample.RejectReason.LONE_SURROGATE;
import static ai.icon.sample.RejectReason.NESTED_TOO_DEEP;
import static ai.icon.sample.RejectReason.NOT_AN_OBJECT;
import static ai.icon.sample.RejectReason.TOO_LONG;
import static ai.icon.sample.RejectReason.TRAILING_CONTENT;
import static ai.icon.sample.RejectReason.TRUNCATED_JSON;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One JSON object a text, by the letter of RFC 8259, every fault with its own reason. */
final class StrictJson {
  /** Deepest nesting of objects and arrays; no shape needs more than three. */
  static final int MAX_DEPTH = 100;

  private static final ObjectReader READER =
      new ObjectMapper(
              JsonFactory.builder()
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .reader();

  private StrictJson() {}

  static ObjectNode object(String json) throws UnusableRow {
    if (json.length() > SampleParser.MAX_LENGTH) {
      throw new UnusableRow(
          TOO_LONG,
          "Cannot use row: " + json.length() + " characters, limit " + SampleParser.MAX_LENGTH);
    }
    if (Texts.loneSurrogate(json)) {
      throw new UnusableRow(LONE_SURROGATE, "Cannot use row: half of a surrogate pair in it");
    }
    try (JsonParser parser = READER.createParser(json)) {
      JsonNode node = READER.readTree(parser);
      if (!(node instanceof ObjectNode object)) {
        String type = node == null ? "nothing" : Texts.article(node);
        throw new UnusableRow(NOT_AN_OBJECT, "Cannot use row: an object is needed, got " + type);
      }
      checkEnd(parser);
      return object;
    } catch (JsonProcessingException e) {
      throw unusable(e);
    } catch (IOException e) {
      throw new UncheckedIOException("A text in memory cannot fail to be read", e);
    }
  }

  /**
   * A valid JSON text without the white space between its tokens. Numbers and escapes stay as they
   * were written, which a detour through values would not guarantee.
   */
  static String compact(String json) {
    StringBuilder compact = new StringBuilder(json.length());
    boolean inString = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (inString && c == '\\') {
        compact.append(c).append(json.charAt(++i));
        continue;
      }
      if (c == '"') {
        inString = !inString;
      }
      if (inString || c > ' ') {
        compact.append(c);
      }
    }
    return compact.toString();
  }

  private static void checkEnd(JsonParser parser) throws IOException, UnusableRow {
    int end = (int) parser.currentLocation().getCharOffset();
    String found;
    try {
      if (parser.nextToken() == null) {
        return;
      }
      found = "a second value";
    } catch (JsonProcessingException e) {
      found = e.getOriginalMessage();
    }
    throw new UnusableRow(
        TRAILING_CONTENT,
        "Cannot use row: something follows the object that ends at character "
            + end
            + ": "
            + found);
  }

  private static UnusableRow unusable(JsonProcessingException e) {
    RejectReason reason = INVALID_JSON;
    String why = e.getOriginalMessage();
    if (e instanceof JsonEOFException) {
      reason = TRUNCATED_JSON;
    } else if (e instanceof StreamConstraintsException && why.contains("depth")) {
      reason = NESTED_TOO_DEEP;
    } else if (e instanceof MismatchedInputException) {
      // Nothing but a key that comes twice fails to become a tree; the rest of the text is
      // Jackson's.
      reason = DUPLICATE_KEY;
      why = why.replaceFirst("(?s) for `ObjectNode`.*", "");
    }
    String at = e.getLocation() == null ? "" : " at character " + e.getLocation().getCharOffset();
    return new UnusableRow(reason, "Cannot use row: " + why + at);
  }
}

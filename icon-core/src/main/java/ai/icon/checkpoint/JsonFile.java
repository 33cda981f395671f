package ai.icon.checkpoint;

import ai.icon.error.UserError;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the JSON files of a checkpoint and says where they are broken. */
final class JsonFile {
  private static final String CURE = "Mend the file or download it again.";

  /** Python writes NaN and Infinity into configurations; a tree would swallow trailing text. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private JsonFile() {}

  /**
   * The object that a file holds.
   *
   * @throws UserError if the file cannot be read, is no JSON (with line and column) or no object
   */
  static JsonNode object(Path file) {
    try {
      JsonNode node = MAPPER.readTree(file.toFile());
      if (!node.isObject()) {
        throw new UserError(
            "Cannot read %s: it must hold a JSON object, got %s"
                .formatted(file, node.isMissingNode() ? "nothing" : node.getNodeType()),
            CURE);
      }
      return node;
    } catch (JsonProcessingException e) {
      throw malformed(file, e);
    } catch (IOException e) {
      throw Unreadable.file(file, e);
    }
  }

  /**
   * Checks that a file is JSON throughout, without holding it: for what only native code reads.
   *
   * @throws UserError as {@link #object}
   */
  static void check(Path file) {
    try (JsonParser parser = MAPPER.createParser(file.toFile())) {
      JsonToken token = parser.nextToken();
      if (token != JsonToken.START_OBJECT) {
        throw new UserError(
            "Cannot read %s: it must hold a JSON object, got %s"
                .formatted(file, token == null ? "nothing" : token),
            CURE);
      }
      while (token != null) {
        token = parser.nextToken();
      }
    } catch (JsonProcessingException e) {
      throw malformed(file, e);
    } catch (IOException e) {
      throw Unreadable.file(file, e);
    }
  }

  /**
   * A file that {@link #check} has passed, as text: UTF-8, as JSON is written, without the mark at
   * its beginning that some editors leave and native readers refuse.
   *
   * @throws UserError if the file cannot be read
   */
  static String text(Path file) {
    try {
      String text = Files.readString(file);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (IOException e) {
      throw Unreadable.file(file, e);
    }
  }

  /** Jackson's own words without the tail that repeats the source. */
  static String reason(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    int tail = message.indexOf(" (start marker");
    return tail < 0 ? message : message.substring(0, tail);
  }

  private static UserError malformed(Path file, JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String where = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
    return new UserError(
        "Cannot read %s%s: malformed JSON: %s".formatted(file, where, reason(e)), CURE, e);
  }
}

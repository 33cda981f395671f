package ai.icon.spark.run;

import ai.icon.error.UserError;
import ai.icon.spark.rows.FileCommit;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Small JSON files: written whole or not at all, readable by people, keys in the order given. */
final class JsonFile {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          // A folder written by a later version is still read.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private JsonFile() {}

  /** Writes a value; a file of that name is replaced. */
  static void write(Configuration hadoop, Path file, Object value) throws IOException {
    FileCommit.of(hadoop, file).put(file, bytes(value));
  }

  /** The value of a file, if there is one. */
  static <T> Optional<T> read(Configuration hadoop, Path file, Class<T> type) throws IOException {
    try {
      return Optional.of(JSON.readValue(content(hadoop, file), type));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new UserError(
          "Cannot read " + file + ": it is damaged: " + e.getOriginalMessage(),
          "Choose another folder with --out, or start the stage over with --redo",
          e);
    }
  }

  /** The value of a file that is there and whole; a missing or half one is the same as none. */
  static <T> Optional<T> readIfWhole(Configuration hadoop, Path file, Class<T> type)
      throws IOException {
    try {
      return Optional.of(JSON.readValue(content(hadoop, file), type));
    } catch (FileNotFoundException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** One line, without its end. */
  static byte[] line(Object value) throws IOException {
    return JSON.writeValueAsBytes(value);
  }

  static byte[] bytes(Object value) throws IOException {
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] content(Configuration hadoop, Path file) throws IOException {
    FileSystem files = file.getFileSystem(hadoop);
    try (InputStream in = files.open(file)) {
      return in.readAllBytes();
    }
  }
}

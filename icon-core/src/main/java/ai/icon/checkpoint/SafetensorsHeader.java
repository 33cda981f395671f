package ai.icon.checkpoint;

import ai.icon.error.UserError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: 8 bytes of little-endian length, then that many bytes of JSON
 * {name: {dtype, shape, data_offsets}}, then the data.
 *
 * @param file that was read
 * @param dataStart byte at which the data begins
 * @param dataBytes bytes from there to the file's end
 * @param entries in the order of the header, {@code __metadata__} left out
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
record SafetensorsHeader(Path file, long dataStart, long dataBytes, List<Entry> entries) {
  /** The bound of the format's own library. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int LENGTH_BYTES = Long.BYTES;
  private static final String GIT_LFS_POINTER = "version ";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /**
   * One tensor as the header tells it, of whatever type.
   *
   * @param begin first byte, from the start of the data
   * @param end byte behind the last one
   */
  record Entry(String name, String dtype, List<Long> shape, long begin, long end) {}

  SafetensorsHeader {
    entries = List.copyOf(entries);
  }

  /**
   * Reads and parses; where the tensors lie is not checked yet.
   *
   * @throws UserError if the file cannot be read or its header is not one
   */
  static SafetensorsHeader read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long length = headerLength(file, channel, size);
      byte[] json = bytes(channel, LENGTH_BYTES, (int) length);
      long dataStart = LENGTH_BYTES + length;
      return new SafetensorsHeader(file, dataStart, size - dataStart, entries(file, json));
    } catch (IOException e) {
      throw Unreadable.file(file, e);
    }
  }

  private static long headerLength(Path file, FileChannel channel, long size) throws IOException {
    if (size < LENGTH_BYTES) {
      throw Unreadable.weights(file, "a header's length takes 8 bytes, the whole file has " + size);
    }
    byte[] first = bytes(channel, 0, LENGTH_BYTES);
    if (new String(first, StandardCharsets.ISO_8859_1).equals(GIT_LFS_POINTER)) {
      throw new UserError(
          "Cannot read weights %s: it is a Git LFS pointer, not the weights".formatted(file),
          "Run 'git lfs pull' in the folder.");
    }
    long length = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > MAX_HEADER_BYTES) {
      throw Unreadable.weights(
          file,
          "a header has at most %d bytes, this one claims %s"
              .formatted(MAX_HEADER_BYTES, Long.toUnsignedString(length)));
    }
    if (length > size - LENGTH_BYTES) {
      throw Unreadable.weights(
          file,
          "it is cut short: the header claims %d bytes, %d follow its length"
              .formatted(length, size - LENGTH_BYTES));
    }
    return length;
  }

  private static byte[] bytes(FileChannel channel, long from, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new EOFException("ended at byte " + (from + buffer.position()));
      }
    }
    return buffer.array();
  }

  private static List<Entry> entries(Path file, byte[] json) throws IOException {
    JsonNode root = tree(file, json);
    if (!root.isObject()) {
      throw Unreadable.weights(file, "the header must be a JSON object");
    }
    List<Entry> entries = new ArrayList<>(root.size());
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (!field.getKey().equals("__metadata__")) {
        entries.add(entry(file, field.getKey(), field.getValue()));
      }
    }
    return entries;
  }

  private static JsonNode tree(Path file, byte[] json) throws IOException {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " near byte " + (LENGTH_BYTES + e.getLocation().getByteOffset());
      throw Unreadable.weights(
          file, "malformed header%s: %s".formatted(where, JsonFile.reason(e)), e);
    }
  }

  private static Entry entry(Path file, String name, JsonNode node) {
    JsonNode dtype = node.path("dtype");
    if (!dtype.isTextual()) {
      throw Unreadable.weights(file, "tensor '%s' has no dtype".formatted(name));
    }
    List<Long> shape = naturals(file, name, node, "shape");
    List<Long> offsets = naturals(file, name, node, "data_offsets");
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw Unreadable.weights(
          file,
          "tensor '%s' must have data_offsets [begin, end] with begin <= end, got %s"
              .formatted(name, offsets));
    }
    return new Entry(name, dtype.textValue(), shape, offsets.get(0), offsets.get(1));
  }

  private static List<Long> naturals(Path file, String name, JsonNode node, String key) {
    JsonNode array = node.path(key);
    List<Long> numbers = new ArrayList<>(array.size());
    for (JsonNode number : array) {
      if (number.isIntegralNumber() && number.canConvertToLong() && number.longValue() >= 0) {
        numbers.add(number.longValue());
      }
    }
    if (!array.isArray() || numbers.size() != array.size()) {
      throw Unreadable.weights(
          file,
          "tensor '%s' must have a %s of whole numbers from 0 to 2^63-1, got %s"
              .formatted(name, key, array.isMissingNode() ? "none" : array));
    }
    return List.copyOf(numbers);
  }
}

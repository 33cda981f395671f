package ai.icon.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Copies of golden checkpoints, and the tools to damage them. */
final class LlamaCopy {
  static final String FIRST_SHARD = "model-00001-of-00003.safetensors";
  static final String SECOND_SHARD = "model-00002-of-00003.safetensors";
  static final String THIRD_SHARD = "model-00003-of-00003.safetensors";
  static final String INDEX = "model.safetensors.index.json";
  static final String ONE_FILE = "model.safetensors";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private LlamaCopy() {}

  /** A tensor as it is stored. */
  record Stored(String dtype, long[] shape, byte[] content) {}

  /** Copies a golden checkpoint. */
  static Path of(String golden, Path target) throws IOException {
    Files.createDirectories(target);
    try (Stream<Path> files = Files.list(folder(golden))) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
    return target;
  }

  private static Path folder(String golden) {
    try {
      return Path.of(LlamaCopy.class.getResource("/golden/" + golden).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Changes a JSON file. */
  static void json(Path file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode root = (ObjectNode) MAPPER.readTree(file.toFile());
    change.accept(root);
    MAPPER.writeValue(file.toFile(), root);
  }

  /** Sets a key of config.json to a value given as JSON. */
  static void config(Path folder, String key, String value) throws IOException {
    JsonNode node = MAPPER.readTree(value);
    json(folder.resolve("config.json"), root -> root.set(key, node));
  }

  /** Changes the text of a safetensors header; its length follows, the data stays. */
  static void header(Path file, UnaryOperator<String> change) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    int end = Long.BYTES + headerLength(whole);
    String header = new String(whole, Long.BYTES, end - Long.BYTES, StandardCharsets.UTF_8);
    String changed = change.apply(header);
    if (changed.equals(header)) {
      throw new AssertionError("No damage done to " + header);
    }
    SafetensorsWriter.write(file, changed, Arrays.copyOfRange(whole, end, whole.length));
  }

  /** Changes tensors; they are then stored in one file. */
  static void tensors(Path folder, Consumer<Map<String, Stored>> change) throws IOException {
    Map<String, Stored> tensors = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".safetensors")).toList()) {
        read(file, tensors);
        Files.delete(file);
      }
    }
    Files.deleteIfExists(folder.resolve(INDEX));
    change.accept(tensors);
    SafetensorsWriter writer = new SafetensorsWriter();
    tensors.forEach((name, t) -> writer.tensor(name, t.dtype(), t.content(), t.shape()));
    writer.write(folder.resolve(ONE_FILE));
  }

  private static void read(Path file, Map<String, Stored> tensors) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    int start = Long.BYTES + headerLength(whole);
    JsonNode header = MAPPER.readTree(whole, Long.BYTES, start - Long.BYTES);
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (entry.getKey().equals("__metadata__")) {
        continue;
      }
      JsonNode node = entry.getValue();
      long[] shape = new long[node.path("shape").size()];
      Arrays.setAll(shape, axis -> node.path("shape").get(axis).longValue());
      JsonNode offsets = node.path("data_offsets");
      byte[] content =
          Arrays.copyOfRange(
              whole, start + offsets.get(0).intValue(), start + offsets.get(1).intValue());
      tensors.put(entry.getKey(), new Stored(node.path("dtype").asText(), shape, content));
    }
  }

  /** Replaces one tensor. */
  static void tensor(Path folder, String name, UnaryOperator<Stored> change) throws IOException {
    tensors(folder, tensors -> tensors.put(name, change.apply(tensors.get(name))));
  }

  /** Writes a float32 into a tensor. */
  static void put(Path folder, String name, int element, float value) throws IOException {
    tensor(
        folder,
        name,
        stored -> {
          byte[] content = stored.content().clone();
          ByteBuffer.wrap(content)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putFloat(element * Float.BYTES, value);
          return new Stored(stored.dtype(), stored.shape(), content);
        });
  }

  /** Flips one bit. */
  static void flip(Path file, int at, int bit) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    whole[at] ^= (byte) (1 << bit);
    Files.write(file, whole);
  }

  /** Keeps the first bytes. */
  static void cut(Path file, int bytes) throws IOException {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), bytes));
  }

  /** Bytes of a file. */
  static int size(Path file) throws IOException {
    return Math.toIntExact(Files.size(file));
  }

  private static int headerLength(byte[] whole) {
    return Math.toIntExact(ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong());
  }
}

package ai.icon.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes safetensors files by hand, right or wrong as the test wants them. */
final class SafetensorsWriter {
  private final ObjectNode header = JsonMapper.builder().build().createObjectNode();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /** Adds a tensor behind the last one. */
  SafetensorsWriter tensor(String name, String dtype, byte[] content, long... shape) {
    ObjectNode entry = header.putObject(name);
    entry.put("dtype", dtype);
    var sizes = entry.putArray("shape");
    for (long size : shape) {
      sizes.add(size);
    }
    entry.putArray("data_offsets").add(data.size()).add(data.size() + content.length);
    data.writeBytes(content);
    return this;
  }

  /** Adds a float32 matrix or vector. */
  SafetensorsWriter floats(String name, float[] values, long... shape) {
    byte[] content = new byte[values.length * Float.BYTES];
    ByteBuffer buffer = little(content);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return tensor(name, "F32", content, shape);
  }

  /** Adds a tensor of 16-bit elements by their bits. */
  SafetensorsWriter halves(String name, String dtype, int[] bits, long... shape) {
    byte[] content = new byte[bits.length * Short.BYTES];
    ByteBuffer buffer = little(content);
    for (int element : bits) {
      buffer.putShort((short) element);
    }
    return tensor(name, dtype, content, shape);
  }

  /** Adds the entry that is no tensor. */
  SafetensorsWriter metadata() {
    header.putObject("__metadata__").put("format", "pt");
    return this;
  }

  void write(Path file) {
    write(file, header.toString(), data.toByteArray());
  }

  /** Writes a header that need not be one. */
  static void write(Path file, String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    write(file, json.length, json, data);
  }

  /** Writes a header length that need not be the header's. */
  static void write(Path file, long length, byte[] header, byte[] data) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] claimed = new byte[Long.BYTES];
      little(claimed).putLong(length);
      out.writeBytes(claimed);
      out.writeBytes(header);
      out.writeBytes(data);
      Files.write(file, out.toByteArray());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

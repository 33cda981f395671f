package ai.icon.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes GGUF files by hand, right or wrong as the test wants them. */
public final class GgufWriter {
  /** ggml's number of F32. */
  public static final int F32 = 0;

  private static final int ALIGNMENT = 32;

  private final ByteArrayOutputStream keys = new ByteArrayOutputStream();
  private final List<Tensor> tensors = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private int version = 3;
  private long keyCount;
  private long claimedKeys = -1;
  private long claimedTensors = -1;

  private record Tensor(String name, int type, long[] shape, long offset) {}

  /** The version, if it is not to be 3. */
  public GgufWriter version(int other) {
    version = other;
    return this;
  }

  /** Numbers of keys and tensors that need not be so; below 0 for the right one. */
  public GgufWriter claiming(long numberOfKeys, long numberOfTensors) {
    claimedKeys = numberOfKeys;
    claimedTensors = numberOfTensors;
    return this;
  }

  /** A text. */
  public GgufWriter text(String key, String value) {
    start(key, 8);
    put(keys, value);
    return this;
  }

  /** An unsigned 32-bit number. */
  public GgufWriter integer(String key, long value) {
    start(key, 4);
    keys.writeBytes(word((int) value));
    return this;
  }

  /** A 32-bit float. */
  public GgufWriter number(String key, double value) {
    start(key, 6);
    keys.writeBytes(word(Float.floatToRawIntBits((float) value)));
    return this;
  }

  /** A boolean. */
  public GgufWriter flag(String key, boolean value) {
    start(key, 7);
    keys.write(value ? 1 : 0);
    return this;
  }

  /** A list of texts. */
  public GgufWriter texts(String key, List<String> values) {
    list(key, 8, values.size());
    values.forEach(value -> put(keys, value));
    return this;
  }

  /** A list of signed 32-bit numbers. */
  public GgufWriter integers(String key, List<Integer> values) {
    list(key, 5, values.size());
    values.forEach(value -> keys.writeBytes(word(value)));
    return this;
  }

  /** A key of any type with any bytes behind it. */
  public GgufWriter raw(String key, int type, byte... value) {
    start(key, type);
    keys.writeBytes(value);
    return this;
  }

  /** A float32 tensor behind the last one, sizes outermost first. */
  public GgufWriter floats(String name, float[] values, long... shape) {
    byte[] content = new byte[values.length * Float.BYTES];
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return tensor(name, F32, content, shape);
  }

  /** A tensor of any type behind the last one, sizes outermost first. */
  public GgufWriter tensor(String name, int type, byte[] content, long... shape) {
    tensorAt(name, type, data.size(), shape);
    data.writeBytes(content);
    data.writeBytes(new byte[(int) padding(data.size())]);
    return this;
  }

  /** What the header says of a tensor, and no data for it. */
  public GgufWriter tensorAt(String name, int type, long offset, long... shape) {
    tensors.add(new Tensor(name, type, shape, offset));
    return this;
  }

  /** The whole file. */
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(word(version));
    out.writeBytes(number(claimedTensors < 0 ? tensors.size() : claimedTensors));
    out.writeBytes(number(claimedKeys < 0 ? keyCount : claimedKeys));
    out.writeBytes(keys.toByteArray());
    for (Tensor tensor : tensors) {
      put(out, tensor.name());
      out.writeBytes(word(tensor.shape().length));
      for (int i = tensor.shape().length - 1; i >= 0; i--) {
        out.writeBytes(number(tensor.shape()[i]));
      }
      out.writeBytes(word(tensor.type()));
      out.writeBytes(number(tensor.offset()));
    }
    out.writeBytes(new byte[(int) padding(out.size())]);
    out.writeBytes(data.toByteArray());
    return out.toByteArray();
  }

  /** Writes the whole file. */
  public Path write(Path file) {
    try {
      return Files.write(file, bytes());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void list(String key, int type, int count) {
    start(key, 9);
    keys.writeBytes(word(type));
    keys.writeBytes(number(count));
  }

  private void start(String key, int type) {
    keyCount++;
    put(keys, key);
    keys.writeBytes(word(type));
  }

  private static void put(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(number(bytes.length));
    out.writeBytes(bytes);
  }

  private static long padding(long size) {
    return (ALIGNMENT - size % ALIGNMENT) % ALIGNMENT;
  }

  private static byte[] word(int value) {
    byte[] bytes = new byte[Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(value);
    return bytes;
  }

  private static byte[] number(long value) {
    byte[] bytes = new byte[Long.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    return bytes;
  }
}

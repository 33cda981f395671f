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
    keys.writeBytes(little(4).putInt((int) value).array());
    return this;
  }

  /** A 32-bit float. */
  public GgufWriter number(String key, double value) {
    start(key, 6);
    keys.writeBytes(little(4).putFloat((float) value).array());
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
    values.forEach(value -> keys.writeBytes(little(4).putInt(value).array()));
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
    ByteBuffer bytes = little(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return tensor(name, F32, bytes.array(), shape);
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
    out.writeBytes(little(4).putInt(version).array());
    out.writeBytes(little(8).putLong(claimedTensors < 0 ? tensors.size() : claimedTensors).array());
    out.writeBytes(little(8).putLong(claimedKeys < 0 ? keyCount : claimedKeys).array());
    out.writeBytes(keys.toByteArray());
    for (Tensor tensor : tensors) {
      put(out, tensor.name());
      out.writeBytes(little(4).putInt(tensor.shape().length).array());
      for (int i = tensor.shape().length - 1; i >= 0; i--) {
        out.writeBytes(little(8).putLong(tensor.shape()[i]).array());
      }
      out.writeBytes(little(4).putInt(tensor.type()).array());
      out.writeBytes(little(8).putLong(tensor.offset()).array());
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
    keys.writeBytes(little(12).putInt(type).putLong(count).array());
  }

  private void start(String key, int type) {
    keyCount++;
    put(keys, key);
    keys.writeBytes(little(4).putInt(type).array());
  }

  private static void put(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(little(8).putLong(bytes.length).array());
    out.writeBytes(bytes);
  }

  private static long padding(long size) {
    return (ALIGNMENT - size % ALIGNMENT) % ALIGNMENT;
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

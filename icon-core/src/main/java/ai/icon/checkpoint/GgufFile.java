package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A GGUF file whose header was checked against its size: every tensor's blocks are inside the file,
 * aligned, and none overlap. Immutable and thread-safe; holds no file open.
 */
final class GgufFile {
  private final Path path;
  private final GgufMetadata metadata;
  private final long dataStart;
  private final Map<String, GgufTensor> tensors;

  /**
   * What a header says of a tensor, not yet checked.
   *
   * @param type ggml's number of it
   * @param shape sizes, outermost first
   * @param offset of its first byte, from the start of the data
   */
  record Entry(String name, int type, List<Long> shape, long offset) {}

  /**
   * Checks what a header says.
   *
   * @throws UserError naming the first tensor that cannot be as it is said, or whose type is not
   *     read
   */
  GgufFile(
      Path path,
      long size,
      GgufMetadata metadata,
      long alignment,
      long dataStart,
      List<Entry> entries) {
    this.path = path;
    this.metadata = metadata;
    this.dataStart = dataStart;
    Map<String, GgufTensor> found = new TreeMap<>();
    for (Entry entry : entries) {
      GgufTensor tensor = tensor(entry, alignment, size);
      if (found.put(tensor.name(), tensor) != null) {
        throw damaged("it has tensor '%s' twice".formatted(tensor.name()));
      }
    }
    this.tensors = Collections.unmodifiableMap(found);
    checkDisjoint();
  }

  /**
   * Reads and checks a header; no weights.
   *
   * @throws UserError as {@link GgufReader#read}
   */
  static GgufFile open(Path path) {
    return GgufReader.read(path);
  }

  Path path() {
    return path;
  }

  GgufMetadata metadata() {
    return metadata;
  }

  /** Byte at which the header ends and the data begins. */
  long dataStart() {
    return dataStart;
  }

  /** By name, sorted. */
  Map<String, GgufTensor> tensors() {
    return tensors;
  }

  /**
   * Maps bytes of a tensor as they are stored.
   *
   * @param tensor of this file
   * @param from first byte, from the start of the file, inside the tensor
   * @param bytes length, at most 2^31-1
   * @return read-only, direct, little-endian
   * @throws UserError if the file cannot be read any more or has shrunk
   */
  ByteBuffer map(GgufTensor tensor, long from, long bytes) {
    return FileRange.map(path, tensor.name(), from, bytes);
  }

  private GgufTensor tensor(Entry entry, long alignment, long size) {
    String name = "tensor '" + entry.name() + "'";
    GgufType type =
        GgufType.ofCode(entry.type())
            .orElseThrow(
                () ->
                    new UserError(
                        "Cannot use %s of %s: its type is %s, read are %s"
                            .formatted(
                                name, path, GgufType.nameOf(entry.type()), GgufType.supported()),
                        "Use a GGUF file of the same model in one of these types, such as Q4_K_M"
                            + " or Q8_0."));
    long columns = entry.shape().get(entry.shape().size() - 1);
    long values = values(name, entry.shape());
    if (columns % type.blockValues() != 0) {
      throw damaged(
          "%s of type %s must have rows of a multiple of %d values, got shape %s"
              .formatted(name, type, type.blockValues(), entry.shape()));
    }
    if (entry.offset() < 0 || entry.offset() % alignment != 0) {
      throw damaged(
          "%s must begin at a multiple of %d bytes, got %s"
              .formatted(name, alignment, Long.toUnsignedString(entry.offset())));
    }
    long bytes = bytes(name, type, values);
    long left = size - dataStart - entry.offset();
    if (entry.offset() > size || bytes > left) {
      throw damaged(
          "%s of type %s and shape %s takes %d bytes from byte %d of the data, which has %d: the file is cut short or its header lies"
              .formatted(
                  name, type, entry.shape(), bytes, entry.offset(), Math.max(0, size - dataStart)));
    }
    return new GgufTensor(entry.name(), type, entry.shape(), dataStart + entry.offset());
  }

  private long values(String name, List<Long> shape) {
    long values = 1;
    try {
      for (long size : shape) {
        values = Math.multiplyExact(values, size);
        if (size < 1) {
          throw damaged("%s must have sizes from 1 to 2^63-1, got %s".formatted(name, shape));
        }
      }
      Math.multiplyExact(values, Float.BYTES); // what its reader sees
    } catch (ArithmeticException e) {
      throw Unreadable.weights(path, "%s has a shape beyond 2^63-1: %s".formatted(name, shape), e);
    }
    return values;
  }

  private long bytes(String name, GgufType type, long values) {
    try {
      return type.bytes(values);
    } catch (ArithmeticException e) {
      throw Unreadable.weights(path, "%s is beyond 2^63-1 bytes".formatted(name), e);
    }
  }

  private void checkDisjoint() {
    List<GgufTensor> inOrder = new ArrayList<>(tensors.values());
    inOrder.sort(Comparator.comparingLong(GgufTensor::offset));
    for (int i = 1; i < inOrder.size(); i++) {
      GgufTensor before = inOrder.get(i - 1);
      GgufTensor tensor = inOrder.get(i);
      if (before.offset() + before.bytes() > tensor.offset()) {
        throw damaged("tensors '%s' and '%s' overlap".formatted(before.name(), tensor.name()));
      }
    }
  }

  private UserError damaged(String why) {
    return Unreadable.weights(path, why);
  }
}

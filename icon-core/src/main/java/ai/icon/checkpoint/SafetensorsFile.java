package ai.icon.checkpoint;

import ai.icon.checkpoint.SafetensorsHeader.Entry;
import ai.icon.error.UserError;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A safetensors file whose header was checked against its size: each tensor's bytes are as many as
 * its shape takes and inside the file, and together they fill the data without overlap or gap, as
 * the format demands. Immutable and thread-safe; holds no file open.
 */
public final class SafetensorsFile {
  static final String FLOAT8 = "F8_E4M3";

  private final Path path;
  private final long dataStart;
  private final Map<String, TensorInfo> tensors;
  private final Map<String, TensorInfo> float8;
  private final Map<String, String> unsupported;

  private SafetensorsFile(
      Path path,
      long dataStart,
      Map<String, TensorInfo> tensors,
      Map<String, TensorInfo> float8,
      Map<String, String> unsupported) {
    this.path = path;
    this.dataStart = dataStart;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.float8 = Collections.unmodifiableMap(float8);
    this.unsupported = Collections.unmodifiableMap(unsupported);
  }

  /**
   * Reads and checks the header; no weights.
   *
   * @throws UserError if the file cannot be read, is cut short, or its header lies
   */
  public static SafetensorsFile open(Path path) {
    SafetensorsHeader header = SafetensorsHeader.read(path);
    checkLayout(header);
    Map<String, TensorInfo> tensors = new TreeMap<>();
    Map<String, TensorInfo> float8 = new TreeMap<>();
    Map<String, String> unsupported = new TreeMap<>();
    for (Entry entry : header.entries()) {
      Optional<TensorType> type = TensorType.ofSafetensorsName(entry.dtype());
      if (type.isPresent()) {
        tensors.put(entry.name(), tensor(header, entry, type.get(), type.get().bytes()));
      } else {
        unsupported.put(entry.name(), entry.dtype());
      }
      if (entry.dtype().equals(FLOAT8)) {
        float8.put(entry.name(), tensor(header, entry, TensorType.BFLOAT16, 1));
      }
    }
    return new SafetensorsFile(path, header.dataStart(), tensors, float8, unsupported);
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** The tensors of a supported type by name, in the order of the names. */
  public Map<String, TensorInfo> tensors() {
    return tensors;
  }

  /**
   * Tensors of any other type: dtype by name, in the order of the names. Old checkpoints carry
   * integer buffers that no model needs, so that they are no error until asked for.
   */
  public Map<String, String> unsupported() {
    return unsupported;
  }

  /**
   * Those among the unsupported that are 8-bit floats (E4M3), as bfloat16: shape, and bytes as they
   * are when they have been read up; the codes begin at the offset, one byte each.
   */
  Map<String, TensorInfo> float8() {
    return float8;
  }

  /** Byte at which the header ends and the data begins. */
  long dataStart() {
    return dataStart;
  }

  /**
   * Maps a piece of a tensor into memory. The piece is valid as long as the buffer is reachable;
   * the file must not be cut meanwhile.
   *
   * @param tensor one of {@link #tensors}
   * @param fromByte first byte, from the start of the tensor
   * @param bytes length, at most 2^31-1
   * @return read-only, direct, little-endian, position 0, limit {@code bytes}
   * @throws IllegalArgumentException if the tensor is not of this file or the piece not inside it
   * @throws UserError if the file cannot be read any more or has shrunk
   */
  public ByteBuffer map(TensorInfo tensor, long fromByte, long bytes) {
    if (!tensor.equals(tensors.get(tensor.name()))) {
      throw new IllegalArgumentException(
          "Cannot map tensor '%s': it is not of %s".formatted(tensor.name(), path));
    }
    if (fromByte < 0 || bytes < 0 || bytes > tensor.bytes() - fromByte) {
      throw new IllegalArgumentException(
          "Cannot map tensor '%s': it has %d bytes, asked for %d from byte %d"
              .formatted(tensor.name(), tensor.bytes(), bytes, fromByte));
    }
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Cannot map tensor '%s': a piece has at most %d bytes, asked for %d"
              .formatted(tensor.name(), Integer.MAX_VALUE, bytes));
    }
    return FileRange.map(path, tensor.name(), tensor.offset() + fromByte, bytes);
  }

  /**
   * Maps codes of 8-bit floats.
   *
   * @param tensor one of {@link #float8}; the range is known to lie inside it
   * @param from first code
   * @param count of codes, at most 2^31-1
   */
  ByteBuffer mapFloat8(TensorInfo tensor, long from, long count) {
    return FileRange.map(path, tensor.name(), tensor.offset() + from, count);
  }

  /**
   * A tensor as readers see it.
   *
   * @param type that they see
   * @param storedBytes of one element in the file
   */
  private static TensorInfo tensor(
      SafetensorsHeader header, Entry entry, TensorType type, int storedBytes) {
    long span = entry.end() - entry.begin();
    long seen;
    try {
      seen = TensorInfo.bytes(type, entry.shape());
    } catch (ArithmeticException e) {
      throw Unreadable.weights(
          header.file(),
          "tensor '%s' has a shape beyond 2^63-1 bytes: %s".formatted(entry.name(), entry.shape()),
          e);
    }
    long needed = seen / type.bytes() * storedBytes;
    if (span != needed) {
      throw Unreadable.weights(
          header.file(),
          "tensor '%s' of type %s and shape %s takes %d bytes, its data_offsets [%d, %d] span %d"
              .formatted(
                  entry.name(),
                  entry.dtype(),
                  entry.shape(),
                  needed,
                  entry.begin(),
                  entry.end(),
                  span));
    }
    long offset = header.dataStart() + entry.begin();
    return new TensorInfo(entry.name(), type, entry.shape(), header.file(), offset, seen);
  }

  private static void checkLayout(SafetensorsHeader header) {
    List<Entry> inOrder =
        header.entries().stream()
            .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
            .toList();
    long filled = 0;
    String last = "the header";
    for (Entry entry : inOrder) {
      String name = "tensor '" + entry.name() + "'";
      if (entry.end() > header.dataBytes()) {
        throw Unreadable.weights(
            header.file(),
            "%s ends at byte %d of the data, which has %d: the file is cut short or its header lies"
                .formatted(name, entry.end(), header.dataBytes()));
      }
      if (entry.begin() != filled) {
        throw Unreadable.weights(
            header.file(),
            "%s must begin where %s ends, at byte %d of the data, got %d: %s"
                .formatted(
                    name,
                    last,
                    filled,
                    entry.begin(),
                    entry.begin() < filled ? "they overlap" : "a gap"));
      }
      filled = entry.end();
      last = name;
    }
    if (filled != header.dataBytes()) {
      throw Unreadable.weights(
          header.file(),
          "%d bytes follow behind %s that belong to no tensor"
              .formatted(header.dataBytes() - filled, last));
    }
  }
}

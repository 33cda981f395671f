package ai.icon.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a tensor stands and what it is; holds none of its values.
 *
 * @param name as the checkpoint calls it, such as "model.norm.weight"
 * @param type of each element
 * @param shape sizes, outermost first, row-major; empty for a scalar
 * @param file the file that holds it
 * @param offset of its first byte, from the start of the file
 * @param bytes its length; elements times bytes of the type
 */
public record TensorInfo(
    String name, TensorType type, List<Long> shape, Path file, long offset, long bytes) {
  /** Copies the shape and checks that it agrees with the bytes. */
  public TensorInfo {
    shape = List.copyOf(shape);
    if (offset < 0) {
      throw new IllegalArgumentException(
          "Invalid tensor '" + name + "': offset must not be negative, got " + offset);
    }
    if (bytes != bytes(type, shape)) {
      throw new IllegalArgumentException(
          "Invalid tensor '%s': %s of shape %s takes %d bytes, got %d"
              .formatted(name, type, shape, bytes(type, shape), bytes));
    }
  }

  /** Number of elements; 1 for a scalar, 0 if a size is 0. */
  public long elements() {
    return bytes / type.bytes();
  }

  /**
   * Bytes that a tensor takes.
   *
   * @throws IllegalArgumentException if a size is negative
   * @throws ArithmeticException if a long cannot hold them
   */
  static long bytes(TensorType type, List<Long> shape) {
    long bytes = type.bytes();
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "Invalid shape: sizes must not be negative, got " + shape);
      }
      bytes = Math.multiplyExact(bytes, size);
    }
    return bytes;
  }
}

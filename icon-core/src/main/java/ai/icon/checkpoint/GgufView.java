package ai.icon.checkpoint;

import java.util.List;

/**
 * A tensor as Hugging Face has it, and where its values stand in a GGUF.
 *
 * @param name Hugging Face's
 * @param shape Hugging Face's, outermost first
 * @param stored the tensor that holds it
 * @param firstValue where it begins among the values of the stored one; above 0 for all experts but
 *     the first
 * @param order of its rows: of its elements, if it has one axis
 * @param lessOne whether 1 is to be taken from each value
 */
record GgufView(
    String name,
    List<Long> shape,
    GgufTensor stored,
    long firstValue,
    GgufOrder order,
    boolean lessOne) {
  GgufView {
    shape = List.copyOf(shape);
  }

  /** A whole tensor, as it is. */
  static GgufView of(String name, GgufTensor stored) {
    return new GgufView(name, stored.shape(), stored, 0, new GgufOrder.Same(), false);
  }

  GgufView in(GgufOrder newOrder) {
    return new GgufView(name, shape, stored, firstValue, newOrder, lessOne);
  }

  GgufView withoutOne() {
    return new GgufView(name, shape, stored, firstValue, order, true);
  }

  /** Values of one row of the outermost axis. */
  long rowValues() {
    return shape.stream().skip(1).reduce(1L, (a, b) -> a * b);
  }

  /** The type that a reader sees. */
  TensorType type() {
    boolean changed = lessOne || order instanceof GgufOrder.Transposed;
    return changed ? TensorType.FLOAT32 : stored.type().plain().orElse(TensorType.FLOAT32);
  }

  /** Whether a reader may be given the file's own bytes. */
  boolean isAsStored() {
    return !lessOne
        && order instanceof GgufOrder.Same
        && stored.type().plain().stream().anyMatch(type()::equals);
  }

  /** What a reader sees; its offset is that of the first value's block. */
  TensorInfo info(java.nio.file.Path file) {
    long offset = stored.offset() + stored.type().bytes(firstValue);
    return new TensorInfo(name, type(), shape, file, offset, TensorInfo.bytes(type(), shape));
  }
}

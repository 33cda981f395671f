package ai.icon.checkpoint;

import java.util.List;

/**
 * A tensor as a GGUF file stores it.
 *
 * @param name as the file calls it, such as "blk.0.attn_q.weight"
 * @param type how its rows are stored
 * @param shape sizes, outermost first (the file lists them innermost first); at least one
 * @param offset of its first byte, from the start of the file
 */
record GgufTensor(String name, GgufType type, List<Long> shape, long offset) {
  GgufTensor {
    shape = List.copyOf(shape);
  }

  /** Values of a row: the innermost size. */
  long columns() {
    return shape.get(shape.size() - 1);
  }

  /** Rows of all outer axes together. */
  long rows() {
    long rows = 1;
    for (long size : shape.subList(0, shape.size() - 1)) {
      rows *= size;
    }
    return rows;
  }

  /** Bytes of a row. */
  long rowBytes() {
    return type.bytes(columns());
  }

  /** Bytes of all rows. */
  long bytes() {
    return rows() * rowBytes();
  }
}

package ai.icon.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Reads values of one tensor of a GGUF file in Hugging Face's order. Not for several threads. */
final class GgufValues {
  /** Values that are dequantised at once: in and out fit into a core's cache. */
  private static final int VALUES_AT_ONCE = 1 << 14;

  private final GgufFile file;
  private final GgufView view;
  private final GgufType type;

  GgufValues(GgufFile file, GgufView view) {
    this.file = file;
    this.view = view;
    this.type = view.stored().type();
  }

  /**
   * Rows of the outermost axis.
   *
   * @param first from 0
   * @param count whose bytes in the view's type are at most 2^31-1
   * @return read-only, direct, little-endian
   */
  ByteBuffer rows(long first, int count) {
    int bytes = Math.toIntExact(count * view.rowValues() * view.type().bytes());
    ByteBuffer out = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (view.order() instanceof GgufOrder.Transposed) {
      columns(first, count, out.asFloatBuffer());
    } else if (view.order() instanceof GgufOrder.Same) {
      long values = view.rowValues();
      values(view.firstValue() + first * values, count * values, out.asFloatBuffer());
    } else {
      ordered(first, count, out);
    }
    return out.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Values that follow each other in the file; they may begin and end inside of blocks. */
  private void values(long first, long count, FloatBuffer out) {
    long firstBlock = first / type.blockValues();
    long endBlock = (first + count + type.blockValues() - 1) / type.blockValues();
    ByteBuffer in = blocks(firstBlock, endBlock - firstBlock);
    int blocksAtOnce = VALUES_AT_ONCE / type.blockValues();
    byte[] raw = new byte[blocksAtOnce * type.blockBytes()];
    float[] values = new float[VALUES_AT_ONCE];
    int skip = (int) (first - firstBlock * type.blockValues());
    while (out.hasRemaining()) {
      int bytes = Math.min(raw.length, in.remaining());
      in.get(raw, 0, bytes);
      int some = bytes / type.blockBytes() * type.blockValues();
      dequantise(raw, some, values);
      int wanted = Math.min(some - skip, out.remaining());
      out.put(values, skip, wanted);
      skip = 0;
    }
  }

  /** Rows that stand elsewhere in the file. */
  private void ordered(long first, int count, ByteBuffer out) {
    int columns = Math.toIntExact(view.rowValues());
    byte[] raw = new byte[Math.toIntExact(type.bytes(columns))];
    float[] values = new float[columns];
    ByteBuffer in = whole();
    FloatBuffer floats = out.asFloatBuffer();
    for (long row = first; row < first + count; row++) {
      in.get(Math.toIntExact(view.order().stored(row) * raw.length), raw);
      if (type.plain().isPresent()) {
        out.put(raw);
      } else {
        dequantise(raw, columns, values);
        floats.put(values);
      }
    }
    out.clear();
  }

  /** Columns as rows: out[i, j] is stored[j, first + i]. */
  private void columns(long first, int count, FloatBuffer out) {
    int columns = Math.toIntExact(view.stored().columns());
    int rows = Math.toIntExact(view.stored().rows());
    byte[] raw = new byte[Math.toIntExact(view.stored().rowBytes())];
    float[] values = new float[columns];
    ByteBuffer in = whole();
    for (int row = 0; row < rows; row++) {
      in.get(raw);
      dequantise(raw, columns, values);
      for (int i = 0; i < count; i++) {
        out.put(i * rows + row, values[(int) first + i]);
      }
    }
  }

  private void dequantise(byte[] raw, int count, float[] values) {
    GgufBlocks.read(type, raw, count, values);
    if (view.lessOne()) {
      for (int i = 0; i < count; i++) {
        values[i] -= 1;
      }
    }
  }

  private ByteBuffer whole() {
    return file.map(view.stored(), view.stored().offset(), view.stored().bytes());
  }

  private ByteBuffer blocks(long first, long count) {
    long from = view.stored().offset() + first * type.blockBytes();
    return file.map(view.stored(), from, count * type.blockBytes());
  }
}

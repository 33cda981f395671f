package ai.icon.checkpoint;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A matrix of 8-bit floats with its scale, seen as bfloat16. Where it is read, each code is
 * multiplied by its factor in float32 and rounded to the nearest bfloat16.
 *
 * @param info what readers see: type bfloat16, the shape [rows, columns], and the place of the
 *     codes in the file
 * @param file that holds the codes
 * @param scale its factors
 */
record Float8Tensor(TensorInfo info, SafetensorsFile file, Float8Scale scale) {
  Float8Tensor {
    requireNonNull(info, "info");
    requireNonNull(file, "file");
    requireNonNull(scale, "scale");
  }

  /**
   * Whole rows as bfloat16: a copy, which takes memory of its own outside the heap.
   *
   * @param fromByte first byte as bfloat16, from the start of the tensor
   * @param bytes length as bfloat16, at most 2^31-1
   * @return read-only, direct, little-endian
   * @throws IllegalArgumentException if they are not whole rows inside the tensor
   * @throws UserError if a code or a scale is no number, or the file cannot be read any more
   */
  ByteBuffer map(long fromByte, long bytes) {
    int columns = Math.toIntExact(info.shape().get(1));
    long rowBytes = 2L * columns;
    if (fromByte % rowBytes != 0 || bytes % rowBytes != 0) {
      throw new IllegalArgumentException(
          "Cannot map tensor '%s': it is read in whole rows of %d bytes, asked for %d from byte %d"
              .formatted(info.name(), rowBytes, bytes, fromByte));
    }
    if (fromByte < 0 || bytes < 0 || bytes > info.bytes() - fromByte || bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Cannot map tensor '%s': it has %d bytes, asked for %d from byte %d"
              .formatted(info.name(), info.bytes(), bytes, fromByte));
    }
    long firstRow = fromByte / rowBytes;
    ByteBuffer codes = file.mapFloat8(info, fromByte / 2, bytes / 2);
    ByteBuffer values = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    byte[] row = new byte[columns];
    short[] read = new short[columns];
    if (bytes == 0) {
      return values.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
    Float8Factors factors = scale.factors(firstRow, bytes / rowBytes);
    short[][] tables = {};
    for (long at = firstRow; codes.hasRemaining(); at++) {
      if (at == firstRow || at % scale.rows() == 0) {
        tables = factors.tables(at);
      }
      codes.get(row);
      readUp(row, tables, read, at);
      values.asShortBuffer().put(read);
      values.position(values.position() + (int) rowBytes);
    }
    return values.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void readUp(byte[] codes, short[][] tables, short[] values, long row) {
    int from = 0;
    for (short[] table : tables) {
      int to = (int) Math.min(codes.length, from + scale.columns());
      for (int column = from; column < to; column++) {
        short value = table[codes[column] & 0xFF];
        if (!Float8.isFinite(value)) {
          throw notFinite(row, column, codes[column] & 0xFF);
        }
        values[column] = value;
      }
      from = to;
    }
  }

  private UserError notFinite(long row, int column, int code) {
    return new UserError(
        "Cannot use tensor '%s' of %s: the element at row %d, column %d is not finite: code 0x%02x, "
                .formatted(info.name(), info.file(), row, column, code)
            + (Float.isNaN(Float8.value(code)) ? "NaN" : "too large with its scale"),
        "Download the file again; if it is the same there, its publisher's copy is damaged.");
  }
}

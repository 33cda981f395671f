package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.nio.ByteBuffer;

/**
 * The factors of some rows of 8-bit floats, mapped once, and what the codes stand for with them.
 * For one reader that goes from row to row.
 */
final class Float8Factors {
  private final Float8Scale scale;
  private final long first;
  private final ByteBuffer factors;
  private final float[] factor;
  private final short[][] tables;

  /**
   * Nothing is read yet.
   *
   * @param first number of the first factor among all of the scale
   * @param factors from that one on, as they are stored
   */
  Float8Factors(Float8Scale scale, long first, ByteBuffer factors) {
    this.scale = scale;
    this.first = first;
    this.factors = factors;
    this.factor = new float[scale.perRow()];
    this.tables = new short[scale.perRow()][];
  }

  /**
   * What each code stands for in a row of weights, until the next call.
   *
   * @param row of the weights, one of those whose factors these are
   * @return bfloat16 by code, 256 for each of the row's factors
   * @throws UserError if a factor is negative or not finite
   */
  short[][] tables(long row) {
    int from = Math.toIntExact(scale.number(row) - first);
    for (int i = 0; i < tables.length; i++) {
      float next = factor(from + i);
      if (!(next >= 0) || Float.isInfinite(next)) {
        throw new UserError(
            "Cannot use tensor '%s' of %s: a scale must be a finite number from 0, number %d is %s"
                .formatted(scale.values().name(), scale.values().file(), first + from + i, next),
            "Download the file again; if it is the same there, its publisher's copy is damaged.");
      }
      if (tables[i] == null || next != factor[i]) {
        tables[i] = table(next);
        factor[i] = next;
      }
    }
    return tables;
  }

  private static short[] table(float factor) {
    short[] table = new short[Float8.CODES];
    for (int code = 0; code < Float8.CODES; code++) {
      table[code] = Float8.bfloat16(Float8.value(code) * factor);
    }
    return table;
  }

  private float factor(int i) {
    return switch (scale.values().type()) {
      case FLOAT32 -> factors.getFloat(i * Float.BYTES);
      case FLOAT16 -> Half.value(factors.getShort(i * Short.BYTES));
      case BFLOAT16 -> Float.intBitsToFloat(factors.getShort(i * Short.BYTES) << 16);
    };
  }
}

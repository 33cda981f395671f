package ai.icon.checkpoint;

/**
 * Numbers of the narrow types that weights and their scales are stored in: 8-bit floats of the kind
 * E4M3 (1 sign, 4 exponent bits with bias 7, 3 mantissa bits), read up to bfloat16. The kind has no
 * infinity; its two codes of all ones, 0x7f and 0xff, are NaN, so that the largest number is 448.
 *
 * @see <a href="https://arxiv.org/abs/2209.05433">FP8 Formats for Deep Learning, table 1</a>
 */
final class Float8 {
  /** Number of codes. */
  static final int CODES = 256;

  private static final int BIAS = 7;
  private static final float[] VALUES = new float[CODES];

  static {
    for (int code = 0; code < CODES; code++) {
      VALUES[code] = decode(code);
    }
  }

  private Float8() {}

  /** The number that a code in [0, 256) stands for; NaN for 0x7f and 0xff. */
  static float value(int code) {
    return VALUES[code];
  }

  private static float decode(int code) {
    int exponent = (code >> 3) & 0xF;
    int mantissa = code & 7;
    if (exponent == 15 && mantissa == 7) {
      return Float.NaN;
    }
    float magnitude =
        exponent == 0
            ? Math.scalb((float) mantissa, 1 - BIAS - 3)
            : Math.scalb((float) (8 + mantissa), exponent - BIAS - 3);
    return (code & 0x80) == 0 ? magnitude : -magnitude;
  }

  /**
   * The nearest bfloat16, ties to even; what is beyond its range becomes infinite, NaN stays NaN.
   */
  static short bfloat16(float value) {
    if (Float.isNaN(value)) {
      return (short) 0x7FC0;
    }
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  /** Whether the bits of a bfloat16 are those of a number, neither infinite nor NaN. */
  static boolean isFinite(short bfloat16) {
    return (bfloat16 & 0x7F80) != 0x7F80;
  }
}

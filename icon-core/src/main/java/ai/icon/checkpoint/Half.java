package ai.icon.checkpoint;

/** Numbers of IEEE 754's binary16, 16 bits each; Java has a method for them from 20 on. */
final class Half {
  private Half() {}

  /** The number that the bits stand for, which float32 holds exactly. */
  static float value(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 31;
    int fraction = bits & 0x3FF;
    if (exponent == 0) {
      // Subnormal: a whole number of 2^-24.
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int wide = exponent == 31 ? 255 : exponent + 112;
    return Float.intBitsToFloat(sign | (wide << 23) | (fraction << 13));
  }
}

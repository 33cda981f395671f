package ai.icon.checkpoint;

/**
 * Turns the blocks of a GGUF's rows into float32. Bit for bit what gguf-py 0.19's dequantize gives:
 * every product and sum is rounded to float32 in its order.
 *
 * <p>Names are ggml's: d and m are a block's scale and offset in half precision, qs the low bits of
 * its values, qh their high bits.
 */
final class GgufBlocks {
  private GgufBlocks() {}

  /**
   * Reads whole blocks.
   *
   * @param type of the blocks
   * @param raw holds the blocks from its beginning
   * @param count values to read, a multiple of the type's block
   * @param out gets them from its beginning
   */
  static void read(GgufType type, byte[] raw, int count, float[] out) {
    int blocks = count / type.blockValues();
    for (int block = 0; block < blocks; block++) {
      int from = block * type.blockBytes();
      int to = block * type.blockValues();
      switch (type) {
        case F32 -> out[to] = Float.intBitsToFloat(word(raw, from));
        case F16 -> out[to] = half(raw, from);
        case BF16 -> out[to] = Float.intBitsToFloat(unsigned16(raw, from) << 16);
        case Q4_0 -> q4(raw, from, out, to);
        case Q4_1 -> q4WithOffset(raw, from, out, to);
        case Q5_0 -> q5(raw, from, out, to);
        case Q5_1 -> q5WithOffset(raw, from, out, to);
        case Q8_0 -> q8(raw, from, out, to);
        case IQ4_NL -> GgufCurvedBlocks.small(raw, from, out, to);
        case IQ4_XS -> GgufCurvedBlocks.large(raw, from, out, to);
        case Q2_K -> GgufSuperBlocks.q2(raw, from, out, to);
        case Q3_K -> GgufSuperBlocks.q3(raw, from, out, to);
        case Q4_K -> GgufSuperBlocks.q4(raw, from, out, to);
        case Q5_K -> GgufSuperBlocks.q5(raw, from, out, to);
        case Q6_K -> GgufSuperBlocks.q6(raw, from, out, to);
      }
    }
  }

  /** d, qs[16]: low halves are the first 16 values, high halves the last; 8 stands for zero. */
  private static void q4(byte[] raw, int from, float[] out, int to) {
    float d = half(raw, from);
    for (int i = 0; i < 16; i++) {
      int q = raw[from + 2 + i];
      out[to + i] = d * ((q & 15) - 8);
      out[to + 16 + i] = d * (((q >> 4) & 15) - 8);
    }
  }

  /** d, m, qs[16]. */
  private static void q4WithOffset(byte[] raw, int from, float[] out, int to) {
    float d = half(raw, from);
    float m = half(raw, from + 2);
    for (int i = 0; i < 16; i++) {
      int q = raw[from + 4 + i];
      out[to + i] = d * (q & 15) + m;
      out[to + 16 + i] = d * ((q >> 4) & 15) + m;
    }
  }

  /** d, qh (a fifth bit for each value), qs[16]; 16 stands for zero. */
  private static void q5(byte[] raw, int from, float[] out, int to) {
    float d = half(raw, from);
    int qh = word(raw, from + 2);
    for (int i = 0; i < 16; i++) {
      int q = raw[from + 6 + i];
      out[to + i] = d * (((q & 15) | (((qh >> i) & 1) << 4)) - 16);
      out[to + 16 + i] = d * ((((q >> 4) & 15) | (((qh >> (i + 16)) & 1) << 4)) - 16);
    }
  }

  /** d, m, qh, qs[16]. */
  private static void q5WithOffset(byte[] raw, int from, float[] out, int to) {
    float d = half(raw, from);
    float m = half(raw, from + 2);
    int qh = word(raw, from + 4);
    for (int i = 0; i < 16; i++) {
      int q = raw[from + 8 + i];
      out[to + i] = d * ((q & 15) | (((qh >> i) & 1) << 4)) + m;
      out[to + 16 + i] = d * (((q >> 4) & 15) | (((qh >> (i + 16)) & 1) << 4)) + m;
    }
  }

  /** d, qs[32]. */
  private static void q8(byte[] raw, int from, float[] out, int to) {
    float d = half(raw, from);
    for (int i = 0; i < 32; i++) {
      out[to + i] = raw[from + 2 + i] * d;
    }
  }

  static int unsigned16(byte[] raw, int at) {
    return (raw[at] & 0xFF) | ((raw[at + 1] & 0xFF) << 8);
  }

  static int word(byte[] raw, int at) {
    return unsigned16(raw, at) | (unsigned16(raw, at + 2) << 16);
  }

  /** A number in half precision. */
  static float half(byte[] raw, int at) {
    return Half.value((short) unsigned16(raw, at));
  }
}

package ai.icon.checkpoint;

import static ai.icon.checkpoint.GgufBlocks.half;

/**
 * The K types: blocks of 256 values in groups of 16 or 32, each group with a small whole-number
 * scale that the block's half-precision scale multiplies. As {@link GgufBlocks}, bit for bit.
 */
final class GgufSuperBlocks {
  private GgufSuperBlocks() {}

  /** scales[16] (scale low, offset high), qs[64] (two bits a value), d, dmin; groups of 16. */
  static void q2(byte[] raw, int from, float[] out, int to) {
    float d = half(raw, from + 80);
    float dmin = half(raw, from + 82);
    for (int group = 0; group < 16; group++) {
      int scale = raw[from + group];
      float dl = d * (scale & 15);
      float ml = dmin * ((scale >> 4) & 15);
      int shift = 2 * (group / 2 % 4);
      int qs = from + 16 + 32 * (group / 8) + 16 * (group % 2);
      for (int i = 0; i < 16; i++) {
        out[to + 16 * group + i] = dl * ((raw[qs + i] >> shift) & 3) - ml;
      }
    }
  }

  /** hmask[32] (a clear bit takes 4 away), qs[64], scales[12] of 6 bits, d; groups of 16. */
  static void q3(byte[] raw, int from, float[] out, int to) {
    float d = half(raw, from + 108);
    for (int group = 0; group < 16; group++) {
      float dl = d * (scale3(raw, from + 96, group) - 32);
      int eighth = group / 2;
      int shift = 2 * (eighth % 4);
      int qs = from + 32 + 32 * (group / 8) + 16 * (group % 2);
      int hmask = from + 16 * (group % 2);
      for (int i = 0; i < 16; i++) {
        int low = (raw[qs + i] >> shift) & 3;
        int high = (raw[hmask + i] >> eighth) & 1;
        out[to + 16 * group + i] = dl * (low - 4 * (1 - high));
      }
    }
  }

  /** Four low bits in the first eight bytes, two high ones in the last four. */
  private static int scale3(byte[] raw, int scales, int group) {
    int low = (raw[scales + group % 8] >> (4 * (group / 8))) & 15;
    int high = (raw[scales + 8 + group % 4] >> (2 * (group / 4))) & 3;
    return low | (high << 4);
  }

  /** d, dmin, scales[12], qs[128] (four bits a value); groups of 32. */
  static void q4(byte[] raw, int from, float[] out, int to) {
    float d = half(raw, from);
    float dmin = half(raw, from + 2);
    for (int group = 0; group < 8; group++) {
      float dl = d * scale(raw, from + 4, group);
      float ml = dmin * offset(raw, from + 4, group);
      int shift = 4 * (group % 2);
      int qs = from + 16 + 32 * (group / 2);
      for (int i = 0; i < 32; i++) {
        out[to + 32 * group + i] = dl * ((raw[qs + i] >> shift) & 15) - ml;
      }
    }
  }

  /** d, dmin, scales[12], qh[32] (a fifth bit for each value), qs[128]; groups of 32. */
  static void q5(byte[] raw, int from, float[] out, int to) {
    float d = half(raw, from);
    float dmin = half(raw, from + 2);
    for (int group = 0; group < 8; group++) {
      float dl = d * scale(raw, from + 4, group);
      float ml = dmin * offset(raw, from + 4, group);
      int shift = 4 * (group % 2);
      int qs = from + 48 + 32 * (group / 2);
      for (int i = 0; i < 32; i++) {
        int high = (raw[from + 16 + i] >> group) & 1;
        out[to + 32 * group + i] = dl * (((raw[qs + i] >> shift) & 15) | (high << 4)) - ml;
      }
    }
  }

  /** ql[128] (four low bits), qh[64] (two high ones), scales[16] signed, d; groups of 16. */
  static void q6(byte[] raw, int from, float[] out, int to) {
    float d = half(raw, from + 208);
    for (int group = 0; group < 16; group++) {
      float dl = d * raw[from + 192 + group];
      int half = group / 8;
      int quarter = group / 2 % 4;
      int ql = from + 64 * half + 32 * (quarter % 2) + 16 * (group % 2);
      int qh = from + 128 + 32 * half + 16 * (group % 2);
      for (int i = 0; i < 16; i++) {
        int low = (raw[ql + i] >> (4 * (quarter / 2))) & 15;
        int high = (raw[qh + i] >> (2 * quarter)) & 3;
        out[to + 16 * group + i] = dl * ((low | (high << 4)) - 32);
      }
    }
  }

  /** Six bits: the first four groups whole, of the others two bits stand above the first ones'. */
  private static int scale(byte[] raw, int scales, int group) {
    return group < 4
        ? raw[scales + group] & 63
        : (raw[scales + 4 + group] & 15) | ((raw[scales + group - 4] >> 2) & 48);
  }

  /** As {@link #scale}, four bytes on, with the high halves of the last four bytes. */
  private static int offset(byte[] raw, int scales, int group) {
    return group < 4
        ? raw[scales + 4 + group] & 63
        : ((raw[scales + 4 + group] >> 4) & 15) | ((raw[scales + group] >> 2) & 48);
  }
}

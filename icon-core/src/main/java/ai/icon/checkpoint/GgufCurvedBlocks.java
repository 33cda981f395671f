package ai.icon.checkpoint;

import static ai.icon.checkpoint.GgufBlocks.half;
import static ai.icon.checkpoint.GgufBlocks.unsigned16;

/** The types whose four bits name one of sixteen unevenly spaced values. As {@link GgufBlocks}. */
final class GgufCurvedBlocks {
  /** ggml's kvalues_iq4nl. */
  private static final int[] CURVE = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private GgufCurvedBlocks() {}

  /** IQ4_NL: d, qs[16]; 32 values. */
  static void small(byte[] raw, int from, float[] out, int to) {
    sixteen(raw, from + 2, half(raw, from), out, to);
  }

  /** IQ4_XS: d, scales_h (two bits a group), scales_l[4] (four), qs[128]; 8 groups of 32. */
  static void large(byte[] raw, int from, float[] out, int to) {
    float d = half(raw, from);
    int high = unsigned16(raw, from + 2);
    for (int group = 0; group < 8; group++) {
      int low = (raw[from + 4 + group / 2] >> (4 * (group % 2))) & 15;
      float dl = d * ((low | (((high >> (2 * group)) & 3) << 4)) - 32);
      sixteen(raw, from + 8 + 16 * group, dl, out, to + 32 * group);
    }
  }

  private static void sixteen(byte[] raw, int qs, float scale, float[] out, int to) {
    for (int i = 0; i < 16; i++) {
      int q = raw[qs + i];
      out[to + i] = scale * CURVE[q & 15];
      out[to + 16 + i] = scale * CURVE[(q >> 4) & 15];
    }
  }
}

package ai.icon.checkpoint;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The types of a GGUF's tensors that are read. A row is stored in blocks of some values each.
 * Source: ggml's numbers and sizes, as in gguf-py's GGML_QUANT_SIZES.
 */
enum GgufType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  IQ4_NL(20, 32, 18),
  IQ4_XS(23, 256, 136),
  BF16(30, 1, 2);

  private final int code;
  private final int blockValues;
  private final int blockBytes;

  GgufType(int code, int blockValues, int blockBytes) {
    this.code = code;
    this.blockValues = blockValues;
    this.blockBytes = blockBytes;
  }

  /** The type of a number in a tensor's header; empty for one that is not read. */
  static Optional<GgufType> ofCode(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }

  /** What ggml calls a number, for messages; covers types that are not read. */
  static String nameOf(int code) {
    return ofCode(code)
        .map(Enum::name)
        .orElseGet(
            () ->
                switch (code) {
                  case 9 -> "Q8_1";
                  case 15 -> "Q8_K";
                  case 16 -> "IQ2_XXS";
                  case 17 -> "IQ2_XS";
                  case 18 -> "IQ3_XXS";
                  case 19 -> "IQ1_S";
                  case 21 -> "IQ3_S";
                  case 22 -> "IQ2_S";
                  case 24 -> "I8";
                  case 25 -> "I16";
                  case 26 -> "I32";
                  case 27 -> "I64";
                  case 28 -> "F64";
                  case 29 -> "IQ1_M";
                  case 34 -> "TQ1_0";
                  case 35 -> "TQ2_0";
                  case 39 -> "MXFP4";
                  case 40 -> "NVFP4";
                  case 41 -> "Q1_0";
                  default -> "number " + Integer.toUnsignedString(code);
                });
  }

  /** What a message lists as supported: "F32, F16, Q4_0, …". */
  static String supported() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }

  /** Values of one block. */
  int blockValues() {
    return blockValues;
  }

  /** Bytes of one block. */
  int blockBytes() {
    return blockBytes;
  }

  /** Bytes of so many values; a whole number of blocks. */
  long bytes(long values) {
    return Math.multiplyExact(values / blockValues, blockBytes);
  }

  /** The plain type whose bytes these are; empty for a quantised one. */
  Optional<TensorType> plain() {
    return switch (this) {
      case F32 -> Optional.of(TensorType.FLOAT32);
      case F16 -> Optional.of(TensorType.FLOAT16);
      case BF16 -> Optional.of(TensorType.BFLOAT16);
      default -> Optional.empty();
    };
  }
}

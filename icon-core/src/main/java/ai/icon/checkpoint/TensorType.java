package ai.icon.checkpoint;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The types in which weights are read. */
public enum TensorType {
  /** IEEE 754 binary32. */
  FLOAT32("F32", 4),
  /** IEEE 754 binary16. */
  FLOAT16("F16", 2),
  /** The upper half of a binary32. */
  BFLOAT16("BF16", 2);

  private final String safetensorsName;
  private final int bytes;

  TensorType(String safetensorsName, int bytes) {
    this.safetensorsName = safetensorsName;
    this.bytes = bytes;
  }

  /** The name in a safetensors header: F32, F16 or BF16. */
  public String safetensorsName() {
    return safetensorsName;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** The type that a safetensors header calls so; empty for one that is not supported. */
  public static Optional<TensorType> ofSafetensorsName(String name) {
    return Arrays.stream(values()).filter(type -> type.safetensorsName.equals(name)).findFirst();
  }

  /** What a message lists as supported: "F32, F16, BF16". */
  static String supported() {
    return Arrays.stream(values())
        .map(TensorType::safetensorsName)
        .collect(Collectors.joining(", "));
  }
}

package ai.icon.djl;

import ai.icon.error.UserError;
import java.util.Locale;

/** The type that weights are held and multiplied in; norms and log-softmax are float32 always. */
public enum Precision {
  /** 4 bytes a weight; the reference. */
  FLOAT32(6, 4),
  /** 2 bytes a weight; moves a mean loss in the third decimal. */
  BFLOAT16(15, 2);

  private final int torchType;
  private final int bytes;

  Precision(int torchType, int bytes) {
    this.torchType = torchType;
    this.bytes = bytes;
  }

  /** The name used in settings: {@code float32} or {@code bfloat16}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Bytes a weight. */
  public int bytes() {
    return bytes;
  }

  /** c10::ScalarType. */
  int torchType() {
    return torchType;
  }

  /**
   * Reads a setting.
   *
   * @throws UserError if it is no known name
   */
  public static Precision parse(String text) {
    for (Precision precision : values()) {
      if (precision.text().equals(text)) {
        return precision;
      }
    }
    throw new UserError(
        "Invalid dtype: must be float32 or bfloat16, got \"" + text + "\".",
        "Use --dtype float32 (exact) or --dtype bfloat16 (half the memory).");
  }
}

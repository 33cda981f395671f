package ai.icon.selection;

import java.util.Locale;

/** Whether a ranked sample was scored in context. */
public enum Origin {
  /** The sample stood in prompts as a candidate. */
  SCORED,
  /** Only the selector saw the sample. */
  PREDICTED;

  /** The name in tables: {@code scored} or {@code predicted}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}

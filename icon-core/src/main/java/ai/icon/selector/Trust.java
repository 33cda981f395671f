package ai.icon.selector;

/** How far a selector can be relied on, from its report. */
public enum Trust {
  /** Too few scored candidates for the figures to mean much. */
  UNRELIABLE,
  /** Its predictions do not rise with the contribution. */
  NO_SIGNAL,
  /** Length alone predicts the contribution as well. */
  NO_BETTER_THAN_LENGTH,
  /** Better than length alone on examples that it had not seen. */
  USABLE
}

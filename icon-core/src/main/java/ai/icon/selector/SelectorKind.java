package ai.icon.selector;

import ai.icon.error.UserError;
import java.util.Locale;

/** What a selector sees of a sample. */
public enum SelectorKind {
  /** Mean and last hidden state of the target model ({@link Embedder}); one forward pass each. */
  PROBE,
  /** Hashed words and length ({@link NgramFeatures}); no model. */
  NGRAM;

  /** The name in settings and files: {@code probe} or {@code ngram}. */
  public String setting() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a setting.
   *
   * @throws UserError if it is none of the names
   */
  public static SelectorKind parse(String text) {
    for (SelectorKind kind : values()) {
      if (kind.setting().equals(text)) {
        return kind;
      }
    }
    throw new UserError(
        "Invalid selector: must be one of probe, ngram, got '" + text + "'",
        "Set --selector to probe or ngram.");
  }
}

package ai.icon.prompt;

/**
 * Most tokens of each part of a sequence (method.md, Loss).
 *
 * @param demonstrationTokens a longer demonstration is cut at its end
 * @param promptTokens a longer prompt is cut at its start, so that the words just before the
 *     response survive
 * @param responseTokens a longer response is cut at its end
 */
public record SequenceLimits(int demonstrationTokens, int promptTokens, int responseTokens) {
  /** The method's: 2,040, 1,024 and 1,024. */
  public static final SequenceLimits DEFAULT = new SequenceLimits(2_040, 1_024, 1_024);

  /** Checks that each is at least 1. */
  public SequenceLimits {
    check("demonstration", demonstrationTokens);
    check("prompt", promptTokens);
    check("response", responseTokens);
  }

  private static void check(String part, int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException(
          "Invalid " + part + " limit: must be at least 1 token, got " + tokens);
    }
  }
}

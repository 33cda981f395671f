package ai.icon.decoder;

import static java.util.Objects.requireNonNull;

/**
 * What may differ from layer to layer.
 *
 * @param window tokens that a token sees, itself included; 0 for all before it
 * @param rotary how queries and keys are rotated
 * @param feedForward what follows attention
 */
public record Layer(int window, Rotary rotary, FeedForward feedForward) {
  /** Checks the window. */
  public Layer {
    requireNonNull(rotary, "rotary");
    requireNonNull(feedForward, "feedForward");
    if (window < 0) {
      throw new IllegalArgumentException(
          "Invalid sliding_window: must be at least 1, or null for none, got " + window);
    }
  }

  /**
   * Pairs of query and key over which a row of tokens attends.
   *
   * @param prefix tokens in front of the row
   * @param tokens of the row
   */
  double pairs(int prefix, int tokens) {
    double pairs = 0;
    for (int at = 1; at <= tokens; at++) {
      pairs += window == 0 ? prefix + at : Math.min(window, prefix + at);
    }
    return pairs;
  }
}

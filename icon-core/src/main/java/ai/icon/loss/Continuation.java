package ai.icon.loss;

/**
 * Token ids that follow a prefix: a prompt and the response whose loss is taken.
 *
 * @param ids prompt, then response
 * @param responseStart index in {@code ids} of the first response token; at least 1, because the
 *     token before it predicts it
 */
public record Continuation(int[] ids, int responseStart) {
  /** Copies the ids and checks that there is a prompt and a response. */
  public Continuation {
    ids = ids.clone();
    if (responseStart < 1 || responseStart >= ids.length) {
      throw new IllegalArgumentException(
          "Invalid continuation: the response must start in [1, "
              + ids.length
              + "), got "
              + responseStart);
    }
  }

  /** Number of tokens, prompt and response. */
  public int length() {
    return ids.length;
  }

  /** Number of response tokens, N in the method; at least 1. */
  public int responseTokens() {
    return ids.length - responseStart;
  }
}

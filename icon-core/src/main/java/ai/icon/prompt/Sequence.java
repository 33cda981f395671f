package ai.icon.prompt;

/**
 * A whole token sequence, as the model sees it.
 *
 * @param ids BOS where there is one, demonstration and separator where there are, prompt, response
 * @param responseStart index of the first response token; at least 1, because the token before it
 *     predicts it
 * @param cuts which parts were cut
 */
public record Sequence(int[] ids, int responseStart, Cuts cuts) {
  /**
   * Copies the ids.
   *
   * @throws UnscorableException if nothing stands before the response
   * @throws IllegalArgumentException if the response does not start within the ids
   */
  public Sequence {
    ids = ids.clone();
    if (responseStart == 0) {
      throw new UnscorableException(
          "Cannot score a sequence: nothing stands before the first response token to predict it;"
              + " the tokenizer adds no BOS, there is no demonstration and the prompt is empty");
    }
    if (responseStart < 0 || responseStart >= ids.length) {
      throw new IllegalArgumentException(
          "Invalid sequence: the response must start in [1, "
              + ids.length
              + "), got "
              + responseStart);
    }
  }

  @Override
  public int[] ids() {
    return ids.clone();
  }

  /** N of the method: number of response tokens. */
  public int responseTokens() {
    return ids.length - responseStart;
  }
}

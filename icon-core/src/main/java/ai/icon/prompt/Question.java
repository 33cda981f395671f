package ai.icon.prompt;

/**
 * A prompt and the response whose loss is taken, as tokens.
 *
 * @param promptIds may be empty
 * @param responseIds at least one
 * @param cuts which of the two were cut; never the demonstration, which is no part of it
 */
public record Question(int[] promptIds, int[] responseIds, Cuts cuts) {
  /**
   * Copies the ids.
   *
   * @throws UnscorableException if the response has no tokens
   */
  public Question {
    promptIds = promptIds.clone();
    responseIds = responseIds.clone();
    if (responseIds.length == 0) {
      throw new UnscorableException("Cannot score a question: its response has no tokens");
    }
  }

  @Override
  public int[] promptIds() {
    return promptIds.clone();
  }

  @Override
  public int[] responseIds() {
    return responseIds.clone();
  }

  /** Prompt, then response. */
  public int[] ids() {
    return SequenceBuilder.join(promptIds, responseIds);
  }

  /** Index in {@link #ids} of the first response token. */
  public int responseStart() {
    return promptIds.length;
  }
}

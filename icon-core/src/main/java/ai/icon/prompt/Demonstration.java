package ai.icon.prompt;

/**
 * A demonstration as tokens.
 *
 * @param ids at most as many as the limit; |T| of the method is their number
 * @param cut whether tokens were cut from the end
 */
public record Demonstration(int[] ids, boolean cut) {
  /** Copies the ids. */
  public Demonstration {
    ids = ids.clone();
  }

  @Override
  public int[] ids() {
    return ids.clone();
  }

  /** |T|: number of tokens after the cut. */
  public int tokens() {
    return ids.length;
  }
}

package ai.icon.prompt;

/**
 * Which parts of a sequence lost tokens to the limits.
 *
 * @param demonstration cut at its end
 * @param prompt cut at its start
 * @param response cut at its end
 */
public record Cuts(boolean demonstration, boolean prompt, boolean response) {
  /** Whether any part was cut. */
  public boolean any() {
    return demonstration || prompt || response;
  }
}

package ai.icon.contribution;

/** Hears of every batch that the model has scored, in the thread that scored it. */
@FunctionalInterface
public interface ScoringProgress {
  /** Hears nothing. */
  ScoringProgress SILENT = (pairs, tokens) -> {};

  /**
   * A batch is done.
   *
   * @param pairs continuations scored by it
   * @param tokens tokens it stood for, padding left out; the prefix counts with its first batch
   */
  void scored(int pairs, long tokens);
}

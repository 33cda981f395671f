package ai.icon.contribution;

/** Hears of every batch that the model has scored, in the thread that scored it. */
@FunctionalInterface
public interface ScoringProgress {
  /** Hears nothing. */
  ScoringProgress SILENT = batch -> {};

  /** A batch is done. */
  void scored(ScoredBatch batch);
}

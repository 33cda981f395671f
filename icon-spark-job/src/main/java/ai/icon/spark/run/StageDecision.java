package ai.icon.spark.run;

/** What is to be done about a stage whose inputs are known. */
public enum StageDecision {
  /** It was never begun here: run it. */
  NEW,
  /** It was begun with the same inputs and not finished: run what is missing. */
  RESUME,
  /**
   * Of {@link StageName#SCORE}: nothing but the weights of the groups is other. The pairs stay and
   * are weighed anew; those that are missing are scored.
   */
  REWEIGH,
  /** Its output is whole and was made from the same inputs: skip it. */
  COMPLETE
}

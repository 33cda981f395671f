package ai.icon.spark.run;

/** What is to be done about a stage whose inputs are known. */
public enum StageDecision {
  /** It was never begun here: run it. */
  NEW,
  /** It was begun with the same inputs and not finished: run what is missing. */
  RESUME,
  /** Its output is whole and was made from the same inputs: skip it. */
  COMPLETE
}

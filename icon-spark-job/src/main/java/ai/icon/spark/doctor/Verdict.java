package ai.icon.spark.doctor;

/** What a check says. */
public enum Verdict {
  /** Nothing to do. */
  OK("ok"),
  /** It will run, but slower, or not as one would think. */
  WARNING("warning"),
  /** It would hang, die or be wrong; the run is not begun. */
  REFUSED("refused");

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  /** The name in tables and in JSON. */
  public String text() {
    return text;
  }
}

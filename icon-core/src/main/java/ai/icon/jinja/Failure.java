package ai.icon.jinja;

/** What is wrong, where the place in the template is not known; never leaves the package. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean raised;

  Failure(String message) {
    this(message, false);
  }

  /**
   * @param raised whether the template itself refuses, by raise_exception
   */
  Failure(String message, boolean raised) {
    super(message);
    this.raised = raised;
  }

  /** That a thread's stack was too small for what a bound still lets through. */
  static Failure tooDeep() {
    return new Failure("expressions or statements lie too deep in each other for this thread");
  }

  boolean raised() {
    return raised;
  }
}

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

  boolean raised() {
    return raised;
  }
}

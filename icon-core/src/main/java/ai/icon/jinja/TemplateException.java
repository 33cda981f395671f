package ai.icon.jinja;

/**
 * A template cannot be read, or cannot be rendered with these variables. The message names
 * template, line and what is wrong.
 */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final int line;
  private final boolean raised;

  TemplateException(String template, int line, Failure failure) {
    super(
        "Cannot render template " + template + ", line " + line + ": " + failure.getMessage(),
        failure);
    this.reason = String.valueOf(failure.getMessage());
    this.line = line;
    this.raised = failure.raised();
  }

  /** What is wrong, without the place; the template's own words where {@link #raised}. */
  public String reason() {
    return reason;
  }

  /** Line of the template, from 1. */
  public int line() {
    return line;
  }

  /** Whether the template itself refused its variables, by {@code raise_exception}. */
  public boolean raised() {
    return raised;
  }
}

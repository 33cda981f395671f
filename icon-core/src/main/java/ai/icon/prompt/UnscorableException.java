package ai.icon.prompt;

/**
 * A question has no loss: no response token, nothing that predicts the first one, or a chat
 * template that does not write it.
 */
public final class UnscorableException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final boolean byTemplate;

  UnscorableException(String message) {
    this(message, false);
  }

  UnscorableException(String message, boolean byTemplate) {
    super(message);
    this.byTemplate = byTemplate;
  }

  /** Whether the chat template does not write the sample. */
  public boolean byTemplate() {
    return byTemplate;
  }
}

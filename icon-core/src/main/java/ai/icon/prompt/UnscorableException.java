package ai.icon.prompt;

/** A question has no loss: no response token, or nothing that predicts the first one. */
public final class UnscorableException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  UnscorableException(String message) {
    super(message);
  }
}

package ai.icon.error;

/**
 * A bad input or setting that the user can mend. The message says what, where and how to mend it;
 * the command line prints it without a stack trace and exits with 2.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong and where, as "Cannot …: …" or "Invalid …: rule, got value"
   * @param cure one sentence that says how to mend it
   */
  public UserError(String message, String cure) {
    super(message + "\n  " + cure);
  }

  /**
   * @param message as above
   * @param cure as above
   * @param cause what the message was made from
   */
  public UserError(String message, String cure, Throwable cause) {
    super(message + "\n  " + cure, cause);
  }
}

package ai.icon.error;

/**
 * Memory, disk or device gave out although input and settings are right, or another has what is
 * needed; the same may go well later. Exit code 4.
 */
public final class ResourceError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what could not be had, with values
   * @param cure one sentence that says what to change
   */
  public ResourceError(String message, String cure) {
    super(message + "\n  " + cure);
  }

  /**
   * @param message as above
   * @param cure as above
   * @param cause the failure underneath
   */
  public ResourceError(String message, String cure, Throwable cause) {
    super(message + "\n  " + cure, cause);
  }
}

package ai.icon.sample;

/**
 * Ends the reading of one row; becomes its {@link Reject}. Carries no stack trace: rows are many.
 */
final class UnusableRow extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectReason reason;

  UnusableRow(RejectReason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  Reject at(String source, long line, String raw) {
    return new Reject(source, line, reason, getMessage(), raw);
  }
}

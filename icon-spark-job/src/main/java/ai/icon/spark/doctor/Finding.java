package ai.icon.spark.doctor;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;

/**
 * What one check found.
 *
 * @param check a name of a few words
 * @param verdict what follows from it
 * @param found one sentence with values; a full stop may be missing
 * @param cure what to change; empty where all is well
 */
public record Finding(String check, Verdict verdict, String found, String cure) {
  /** Checks that whatever is wrong has a cure. */
  public Finding {
    requireNonNull(check, "check");
    requireNonNull(verdict, "verdict");
    requireNonNull(found, "found");
    requireNonNull(cure, "cure");
    if (cure.isEmpty() != (verdict == Verdict.OK)) {
      throw new IllegalArgumentException(
          "Invalid finding of " + check + ": what is wrong, and nothing else, must have a cure");
    }
  }

  static Finding ok(String check, String found) {
    return new Finding(check, Verdict.OK, found, "");
  }

  static Finding warning(String check, String found, String cure) {
    return new Finding(check, Verdict.WARNING, found, cure);
  }

  static Finding refused(String check, String found, String cure) {
    return new Finding(check, Verdict.REFUSED, found, cure);
  }

  /** A refusal in the words of the code that would have run into it. */
  static Finding refused(String check, UserError error) {
    return refused(check, error.getMessage());
  }

  /**
   * As {@link #refused(String, UserError)}.
   *
   * @param message as {@link UserError} makes it: the cure on a line of its own
   */
  static Finding refused(String check, String message) {
    String[] parts = message.split("\n", 2);
    String cure = parts.length > 1 ? parts[1].strip() : "See the message.";
    return refused(check, parts[0].strip(), cure);
  }
}

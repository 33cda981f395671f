package ai.icon.sample;

import static java.util.Objects.requireNonNull;

/** What became of one row of an assessment file: each row is exactly one of the two. */
public sealed interface AssessedRow {
  /** A row that can be used. */
  record Accepted(AssessedSample sample) implements AssessedRow {
    /** Checks that the example is given. */
    public Accepted {
      requireNonNull(sample, "sample");
    }
  }

  /** A row that cannot. */
  record Rejected(Reject reject) implements AssessedRow {
    /** Checks that the reject is given. */
    public Rejected {
      requireNonNull(reject, "reject");
    }
  }
}

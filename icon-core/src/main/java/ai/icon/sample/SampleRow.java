package ai.icon.sample;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/** What became of one row of a pool: each row is exactly one of the two. */
public sealed interface SampleRow extends Serializable {
  /** A row that can be used. */
  record Accepted(Sample sample) implements SampleRow {
    /** Checks that the sample is given. */
    public Accepted {
      requireNonNull(sample, "sample");
    }
  }

  /** A row that cannot. */
  record Rejected(Reject reject) implements SampleRow {
    /** Checks that the reject is given. */
    public Rejected {
      requireNonNull(reject, "reject");
    }
  }
}

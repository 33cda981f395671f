package ai.icon.decoder;

import static java.util.Objects.requireNonNull;

/**
 * How vectors are normalised: in the residual stream and, where a spec asks for it, queries and
 * keys.
 *
 * @param kind the formula
 * @param epsilon added to the mean square, or to the variance, before the root
 */
public record Norm(Kind kind, double epsilon) {
  /** Checks epsilon. */
  public Norm {
    requireNonNull(kind, "kind");
    if (!(epsilon > 0 && epsilon < 1)) {
      throw new IllegalArgumentException(
          "Invalid epsilon of the norm: must be above 0 and below 1, got " + epsilon);
    }
  }

  /** The formula of a norm. */
  public enum Kind {
    /** x / root mean square · weight (arXiv 1910.07467). */
    RMS,
    /** x / root mean square · (1 + weight): Gemma stores what the weight differs from 1 by. */
    RMS_PLUS_ONE,
    /** (x − mean) / standard deviation · weight + bias (arXiv 1607.06450). */
    LAYER,
    /** As LAYER, without a bias. */
    LAYER_WITHOUT_BIAS;

    /** Whether a bias stands beside the weight. */
    public boolean hasBias() {
      return this == LAYER;
    }
  }
}

package ai.icon.decoder;

import static java.util.Objects.requireNonNull;

/**
 * Rotary position embedding in the half-split layout of Hugging Face checkpoints.
 *
 * @param theta base of the frequencies
 * @param dimension components of a head that are rotated; even
 * @param scaling how frequencies are stretched
 */
public record Rotary(double theta, int dimension, RotaryScaling scaling) {
  /** Checks that theta is above 0 and the dimension is even and positive. */
  public Rotary {
    requireNonNull(scaling, "scaling");
    if (!(theta > 0)) {
      throw new IllegalArgumentException("Invalid rope_theta: must be above 0, got " + theta);
    }
    if (dimension < 2 || dimension % 2 != 0) {
      throw new IllegalArgumentException(
          "Invalid rotary dimension: must be even and at least 2, got " + dimension);
    }
  }

  /** One angle per token step for every pair of components: [dimension / 2], radians per token. */
  public float[] inverseFrequencies() {
    float[] frequencies = new float[dimension / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) scaling.scale(Math.pow(theta, -2.0 * i / dimension));
    }
    return frequencies;
  }

  static void requireAtLeastOne(String name, double value) {
    if (!(value >= 1)) {
      throw new IllegalArgumentException("Invalid " + name + ": must be at least 1, got " + value);
    }
  }
}

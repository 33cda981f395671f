package ai.icon.decoder;

import static java.util.Objects.requireNonNull;

/**
 * Rotary position embedding (arXiv 2104.09864) in the half-split layout of Hugging Face
 * checkpoints.
 *
 * @param theta base of the frequencies
 * @param dimension leading components of a head that are rotated, even; 0 for none
 * @param scaling how frequencies are stretched
 */
public record Rotary(double theta, int dimension, RotaryScaling scaling) {
  /** No rotation: the layer does not see positions. */
  public static final Rotary NONE = new Rotary(1, 0, new RotaryScaling.None());

  /** Checks that theta is above 0 and the dimension even. */
  public Rotary {
    requireNonNull(scaling, "scaling");
    if (!(theta > 0) || Double.isInfinite(theta)) {
      throw new IllegalArgumentException("Invalid rope_theta: must be above 0, got " + theta);
    }
    if (dimension < 0 || dimension % 2 != 0 || dimension > Bounds.PARTS) {
      throw new IllegalArgumentException(
          "Invalid rotary dimension: must be even and at least 2, got " + dimension);
    }
    scaling.check(dimension / 2);
  }

  /** The rotation of sequences that are longer than the scaling's threshold. */
  public Rotary beyond() {
    return new Rotary(theta, dimension, scaling.beyond());
  }

  /** Whether anything is rotated. */
  public boolean isUsed() {
    return dimension > 0;
  }

  /** One angle per token step for every pair of components: [dimension / 2], radians per token. */
  public float[] inverseFrequencies() {
    float[] frequencies = new float[dimension / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) scaling.scale(i, Math.pow(theta, -2.0 * i / dimension));
    }
    return frequencies;
  }

  static void requireAtLeastOne(String name, double value) {
    if (!(value >= 1) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("Invalid " + name + ": must be at least 1, got " + value);
    }
  }
}

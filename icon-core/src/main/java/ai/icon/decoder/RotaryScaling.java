package ai.icon.decoder;

/** How rotary frequencies are stretched for contexts longer than the ones trained on. */
public sealed interface RotaryScaling {

  /**
   * The stretched frequency.
   *
   * @param frequency an unstretched inverse frequency, radians per token
   */
  double scale(double frequency);

  /** No stretching. */
  record None() implements RotaryScaling {
    @Override
    public double scale(double frequency) {
      return frequency;
    }
  }

  /**
   * Every frequency divided by one factor (position interpolation, arXiv 2306.15595).
   *
   * @param factor at least 1
   */
  record Linear(double factor) implements RotaryScaling {
    /** Checks the factor. */
    public Linear {
      Rotary.requireAtLeastOne("rope_scaling.factor", factor);
    }

    @Override
    public double scale(double frequency) {
      return frequency / factor;
    }
  }

  /**
   * Llama 3.1: short waves stay, long ones are divided, those between are blended.
   *
   * @param factor divisor of the long waves
   * @param lowFrequencyFactor waves longer than original context / this are long
   * @param highFrequencyFactor waves shorter than original context / this are short
   * @param originalContext tokens of the context trained on
   */
  record Llama3(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalContext)
      implements RotaryScaling {
    /** Checks that the factor is at least 1 and the two bounds are in order. */
    public Llama3 {
      Rotary.requireAtLeastOne("rope_scaling.factor", factor);
      if (!(lowFrequencyFactor > 0 && highFrequencyFactor > lowFrequencyFactor)) {
        throw new IllegalArgumentException(
            "Invalid rope_scaling: 0 < low_freq_factor < high_freq_factor, got "
                + lowFrequencyFactor
                + " and "
                + highFrequencyFactor);
      }
      if (!(originalContext > 0)) {
        throw new IllegalArgumentException(
            "Invalid rope_scaling: original_max_position_embeddings must be positive, got "
                + originalContext);
      }
    }

    @Override
    public double scale(double frequency) {
      double wavelength = 2 * Math.PI / frequency;
      if (wavelength < originalContext / highFrequencyFactor) {
        return frequency;
      }
      if (wavelength > originalContext / lowFrequencyFactor) {
        return frequency / factor;
      }
      double smooth =
          (originalContext / wavelength - lowFrequencyFactor)
              / (highFrequencyFactor - lowFrequencyFactor);
      return (1 - smooth) * frequency / factor + smooth * frequency;
    }
  }
}

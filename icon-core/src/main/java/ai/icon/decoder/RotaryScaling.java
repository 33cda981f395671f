package ai.icon.decoder;

import java.util.List;

/** How rotary frequencies are stretched for contexts longer than the ones trained on. */
public sealed interface RotaryScaling {

  /**
   * The stretched frequency.
   *
   * @param pair which pair of components turns with it, from 0
   * @param frequency an unstretched inverse frequency, radians per token
   */
  double scale(int pair, double frequency);

  /** What rotated components are multiplied by. */
  default double magnitude() {
    return 1;
  }

  /** Tokens of the longest sequence that this is for; {@link #beyond} is for longer ones. */
  default int threshold() {
    return Integer.MAX_VALUE;
  }

  /** How sequences longer than the threshold are rotated; the magnitude is the same. */
  default RotaryScaling beyond() {
    return this;
  }

  /**
   * Checks that this fits a number of pairs.
   *
   * @throws IllegalArgumentException if it does not
   */
  default void check(int pairs) {}

  /** No stretching. */
  record None() implements RotaryScaling {
    @Override
    public double scale(int pair, double frequency) {
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
    public double scale(int pair, double frequency) {
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
    public double scale(int pair, double frequency) {
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

  /**
   * A divisor for every pair of components, and longer vectors.
   *
   * @param factors one of each pair
   * @param magnitude what rotated components are multiplied by
   */
  record PerPair(List<Double> factors, double magnitude) implements RotaryScaling {
    /** Copies the factors and checks that all are above 0. */
    public PerPair {
      factors = List.copyOf(factors);
      factors.forEach(factor -> Bounds.requireFactor("factor of rope_scaling", factor));
      Bounds.requireFactor("magnitude of rope_scaling", magnitude);
    }

    @Override
    public double scale(int pair, double frequency) {
      return frequency / factors.get(pair);
    }

    @Override
    public void check(int pairs) {
      if (factors.size() != pairs) {
        throw new IllegalArgumentException(
            "Invalid rope_scaling: needs a factor for each of "
                + pairs
                + " pairs of components, got "
                + factors.size());
      }
    }
  }

  /**
   * LongRoPE (arXiv 2402.13753): two sets of divisors, one for sequences within the context trained
   * on, one for longer ones. All of a sequence is rotated by one set: its length chooses.
   *
   * @param shortFactors one of each pair, within the original context
   * @param longFactors one of each pair, beyond it
   * @param originalContext tokens of the context trained on
   * @param magnitude what rotated components are multiplied by, in both
   */
  record LongRope(
      List<Double> shortFactors, List<Double> longFactors, int originalContext, double magnitude)
      implements RotaryScaling {
    /** Copies the factors and checks that all are above 0. */
    public LongRope {
      shortFactors = new PerPair(shortFactors, magnitude).factors();
      longFactors = new PerPair(longFactors, magnitude).factors();
      Bounds.require("original_max_position_embeddings", originalContext, Bounds.WIDTH);
    }

    @Override
    public double scale(int pair, double frequency) {
      return frequency / shortFactors.get(pair);
    }

    @Override
    public int threshold() {
      return originalContext;
    }

    @Override
    public RotaryScaling beyond() {
      return new PerPair(longFactors, magnitude);
    }

    @Override
    public void check(int pairs) {
      new PerPair(shortFactors, magnitude).check(pairs);
      new PerPair(longFactors, magnitude).check(pairs);
    }
  }

  /**
   * YaRN (arXiv 2309.00071): pairs that turn often in the original context stay, those that turn
   * seldom are divided, those between are blended by their place; rotated components grow.
   *
   * @param factor divisor of the slow pairs
   * @param first pair up to which frequencies stay
   * @param last pair from which frequencies are divided
   * @param magnitude what rotated components are multiplied by
   */
  record Yarn(double factor, double first, double last, double magnitude) implements RotaryScaling {
    /** Checks the factor and the order of the bounds. */
    public Yarn {
      Rotary.requireAtLeastOne("rope_scaling.factor", factor);
      Bounds.requireFactor("magnitude of rope_scaling", magnitude);
      if (!(first >= 0 && last > first)) {
        throw new IllegalArgumentException(
            "Invalid rope_scaling: the bounds of yarn must be in order, got "
                + first
                + " and "
                + last);
      }
    }

    @Override
    public double scale(int pair, double frequency) {
      double divided = Math.min(1, Math.max(0, (pair - first) / (last - first)));
      return frequency * (1 - divided) + frequency / factor * divided;
    }
  }
}

package ai.icon.decoder;

import static java.util.Objects.requireNonNull;

/** What follows attention in a layer. */
public sealed interface FeedForward {
  /** Width inside, of one expert where there are experts. */
  int intermediate();

  /** The curve inside. */
  Activation activation();

  /** Weights that one token meets, biases left out. */
  double weightsMet(int hidden);

  /**
   * One network for every token: down(activation(gate(x)) · up(x)) if gated,
   * down(activation(up(x))) if plain.
   *
   * @param intermediate width inside
   * @param activation the curve
   * @param isGated whether there is a gate
   * @param hasBias whether its projections have a bias
   */
  record Dense(int intermediate, Activation activation, boolean isGated, boolean hasBias)
      implements FeedForward {
    /** Checks the width. */
    public Dense {
      requireNonNull(activation, "activation");
      Bounds.require("intermediate_size", intermediate, Bounds.WIDTH);
    }

    @Override
    public double weightsMet(int hidden) {
      return (isGated ? 3.0 : 2.0) * hidden * intermediate;
    }
  }

  /**
   * A mixture of gated experts without biases: a token goes through the {@code active} experts with
   * the largest router probabilities, and their outputs are added, weighted by these.
   *
   * @param intermediate width inside each
   * @param activation the curve
   * @param experts how many there are
   * @param active how many take a token
   * @param isNormalised whether the weights of those taken are made to add up to 1
   */
  record Experts(
      int intermediate, Activation activation, int experts, int active, boolean isNormalised)
      implements FeedForward {
    /** Checks that no more are active than there are. */
    public Experts {
      requireNonNull(activation, "activation");
      Bounds.require("intermediate_size of an expert", intermediate, Bounds.WIDTH);
      Bounds.require("number of experts", experts, Bounds.EXPERTS);
      Bounds.require("num_experts_per_tok", active, experts);
    }

    @Override
    public double weightsMet(int hidden) {
      return (double) hidden * experts + 3.0 * active * hidden * intermediate;
    }
  }
}

package ai.icon.decoder;

import static java.util.Objects.requireNonNull;

/**
 * Everything in which decoders differ. Sizes are counts of components unless said otherwise.
 *
 * @param family the model_type that the config names, for messages
 * @param vocabulary rows of the embedding
 * @param hidden width of the residual stream
 * @param layers number of blocks
 * @param attention heads and rotation
 * @param intermediate width inside the gated feed-forward
 * @param feedForwardBias whether its three projections have a bias
 * @param normEpsilon added to the mean square before the root
 * @param tiedHead whether the output projection is the embedding
 * @param contextLength most tokens that the checkpoint was made for
 */
public record DecoderSpec(
    String family,
    int vocabulary,
    int hidden,
    int layers,
    Attention attention,
    int intermediate,
    boolean feedForwardBias,
    double normEpsilon,
    boolean tiedHead,
    int contextLength) {

  /** Checks that every size is positive. */
  public DecoderSpec {
    requireNonNull(family, "family");
    requireNonNull(attention, "attention");
    requirePositive("vocab_size", vocabulary);
    requirePositive("hidden_size", hidden);
    requirePositive("num_hidden_layers", layers);
    requirePositive("intermediate_size", intermediate);
    requirePositive("max_position_embeddings", contextLength);
    if (!(normEpsilon > 0)) {
      throw new IllegalArgumentException(
          "Invalid rms_norm_eps: must be above 0, got " + normEpsilon);
    }
  }

  /**
   * Grouped-query attention.
   *
   * @param heads query heads
   * @param keyValueHeads key and value heads; divides {@code heads}
   * @param headDimension components of a head
   * @param bias whether the four projections have a bias
   * @param rotary how queries and keys are rotated
   */
  public record Attention(
      int heads, int keyValueHeads, int headDimension, boolean bias, Rotary rotary) {
    /** Checks that the key and value heads divide the heads. */
    public Attention {
      requireNonNull(rotary, "rotary");
      requirePositive("num_attention_heads", heads);
      requirePositive("num_key_value_heads", keyValueHeads);
      requirePositive("head_dim", headDimension);
      if (heads % keyValueHeads != 0) {
        throw new IllegalArgumentException(
            "Invalid num_key_value_heads: must divide num_attention_heads = "
                + heads
                + ", got "
                + keyValueHeads);
      }
    }

    /** Query heads that share one key and value head. */
    public int groups() {
      return heads / keyValueHeads;
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("Invalid " + name + ": must be at least 1, got " + value);
    }
  }

  /**
   * Multiplications and additions of one token's way through all blocks, attention scores left out
   * and without the output projection: twice the weights that it meets.
   */
  public double blockOperations() {
    double attend = 2.0 * attention.heads() + 2.0 * attention.keyValueHeads();
    return 2.0
        * layers
        * ((double) hidden * attention.headDimension() * attend + 3.0 * hidden * intermediate);
  }
}

package ai.icon.decoder;

import static java.util.Objects.requireNonNull;

/**
 * Grouped-query attention, the same in every layer but for what a {@link Layer} says.
 *
 * @param heads query heads
 * @param keyValueHeads key and value heads; divides {@code heads}
 * @param headDimension components of a head
 * @param inputBias whether the projections to queries, keys and values have a bias
 * @param outputBias whether the projection back has a bias
 * @param queryKeyNorm what queries and keys are normalised over
 * @param scale what a product of query and key is multiplied by
 * @param softCap c of c · tanh(score / c), applied to scaled scores; 0 for none
 */
public record Attention(
    int heads,
    int keyValueHeads,
    int headDimension,
    boolean inputBias,
    boolean outputBias,
    QueryKeyNorm queryKeyNorm,
    double scale,
    double softCap) {
  /** What queries and keys are normalised over before they are rotated. */
  public enum QueryKeyNorm {
    /** They are not. */
    NONE,
    /** Each head by itself, all with one weight [head dimension]. */
    HEAD,
    /** All heads together, with a weight of their whole width. */
    WIDTH,
    /** Each head by a layer norm without bias, with a weight of its own [head dimension]. */
    OWN
  }

  /** Checks that the key and value heads divide the heads. */
  public Attention {
    requireNonNull(queryKeyNorm, "queryKeyNorm");
    Bounds.require("num_attention_heads", heads, Bounds.PARTS);
    Bounds.require("num_key_value_heads", keyValueHeads, Bounds.PARTS);
    Bounds.require("head_dim", headDimension, Bounds.PARTS);
    Bounds.requireFactor("scale of attention", scale);
    Bounds.requireCap("soft cap of attention", softCap);
    if (heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "Invalid num_key_value_heads: must divide num_attention_heads = "
              + heads
              + ", got "
              + keyValueHeads);
    }
    if ((long) heads * headDimension > Bounds.WIDTH) {
      throw new IllegalArgumentException(
          "Invalid head_dim: heads · head_dim must be at most "
              + Bounds.WIDTH
              + ", got "
              + heads
              + " · "
              + headDimension);
    }
  }

  /** Query heads that share one key and value head. */
  public int groups() {
    return heads / keyValueHeads;
  }

  /** Components of all queries of a token. */
  public int queryWidth() {
    return heads * headDimension;
  }

  /** Components of all keys of a token, and of all values. */
  public int keyWidth() {
    return keyValueHeads * headDimension;
  }
}

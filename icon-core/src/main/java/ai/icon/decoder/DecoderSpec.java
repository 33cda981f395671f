package ai.icon.decoder;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Everything in which decoders differ. Sizes are counts of components unless said otherwise.
 *
 * @param family the model_type that the config names, for messages
 * @param vocabulary rows of the embedding
 * @param hidden width of the residual stream
 * @param contextLength most tokens that the checkpoint was made for
 * @param embedding how tokens enter the residual stream
 * @param norm the formula of all norms
 * @param placement where a block's norms stand
 * @param residualMultiplier what is multiplied with before it is added to the residual stream
 * @param attention heads and what is done to their scores
 * @param layers what differs from layer to layer, first layer first
 * @param head how logits leave the residual stream
 * @param names what the checkpoint calls the tensors, and how it packs them
 */
public record DecoderSpec(
    String family,
    int vocabulary,
    int hidden,
    int contextLength,
    Embedding embedding,
    Norm norm,
    Placement placement,
    double residualMultiplier,
    Attention attention,
    List<Layer> layers,
    OutputHead head,
    WeightNames names)
    implements ModelOutline {

  /**
   * Checks every size, copies the layers, and checks that all of them rotate as many components.
   */
  public DecoderSpec {
    requireNonNull(family, "family");
    requireNonNull(embedding, "embedding");
    requireNonNull(norm, "norm");
    requireNonNull(placement, "placement");
    requireNonNull(attention, "attention");
    requireNonNull(head, "head");
    requireNonNull(names, "names");
    layers = List.copyOf(layers);
    Bounds.require("vocab_size", vocabulary, Bounds.WIDTH);
    Bounds.require("hidden_size", hidden, Bounds.WIDTH);
    Bounds.require("num_hidden_layers", layers.size(), Bounds.LAYERS);
    Bounds.require("max_position_embeddings", contextLength, Bounds.WIDTH);
    Bounds.requireFactor("residual multiplier", residualMultiplier);
    List<Integer> rotated =
        layers.stream()
            .filter(layer -> layer.rotary().isUsed())
            .map(layer -> layer.rotary().dimension())
            .distinct()
            .toList();
    if (rotated.size() > 1 || rotated.stream().anyMatch(d -> d > attention.headDimension())) {
      throw new IllegalArgumentException(
          "Invalid rotary dimension: must be one for all layers and at most head_dim = "
              + attention.headDimension()
              + ", got "
              + rotated);
    }
  }

  /**
   * How tokens enter the residual stream.
   *
   * @param multiplier what embeddings are multiplied by
   * @param hasPositions whether a learned vector of each position is added
   */
  public record Embedding(double multiplier, boolean hasPositions) {
    /** Checks the multiplier. */
    public Embedding {
      Bounds.requireFactor("multiplier of the embedding", multiplier);
    }
  }

  /**
   * How logits leave the residual stream.
   *
   * @param isTied whether the output projection is the embedding
   * @param multiplier what logits are multiplied by
   * @param softCap c of c · tanh(logit / c), applied after that; 0 for none
   */
  public record OutputHead(boolean isTied, double multiplier, double softCap) {
    /** Checks both numbers. */
    public OutputHead {
      Bounds.requireFactor("multiplier of the logits", multiplier);
      Bounds.requireCap("soft cap of the logits", softCap);
    }
  }

  /** The rotations of all layers, each once, in the order in which layers use them first. */
  public List<Rotary> rotaries() {
    return layers.stream().map(Layer::rotary).filter(Rotary::isUsed).distinct().toList();
  }

  /**
   * Tokens of the longest sequence that {@link #rotaries()} are for: a longer one is rotated by
   * their {@link Rotary#beyond()} as a whole. At least the context length if there is one set.
   */
  public int rotaryThreshold() {
    return rotaries().stream()
        .mapToInt(rotary -> rotary.scaling().threshold())
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  /**
   * The rotations of sequences beyond the threshold, as {@link #rotaries()}; empty for the same.
   */
  public List<Rotary> rotariesBeyond() {
    return rotaryThreshold() < contextLength
        ? rotaries().stream().map(Rotary::beyond).toList()
        : List.of();
  }

  /** Yes: its hidden states are at hand. */
  @Override
  public boolean embeds() {
    return true;
  }

  /** Width of the widest network behind attention, of one expert where there are experts. */
  public int widestIntermediate() {
    return layers.stream()
        .mapToInt(layer -> layer.feedForward().intermediate())
        .max()
        .orElseThrow();
  }

  /** Numbers in all tensors that the decoder uses; what it leaves unread is not counted. */
  public long parameters() {
    return DecoderWeights.of(this).stream().mapToLong(DecoderWeight::elements).sum();
  }

  /**
   * Multiplications and additions of one token's way through all blocks, attention scores left out
   * and without the output projection: twice the weights that it meets, of experts those that are
   * active.
   */
  public double blockOperations() {
    double attend = (2.0 * attention.queryWidth() + 2.0 * attention.keyWidth()) * hidden;
    double weights = 0;
    for (Layer layer : layers) {
      weights += attend + layer.feedForward().weightsMet(hidden);
    }
    return 2.0 * weights;
  }

  /**
   * Multiplications and additions of attention scores and of what they weigh, over what each token
   * of a row sees.
   *
   * @param prefix tokens in front of the row
   * @param tokens of the row
   */
  public double attentionOperations(int prefix, int tokens) {
    double pairs = 0;
    for (Layer layer : layers) {
      pairs += layer.pairs(prefix, tokens);
    }
    return 4.0 * attention.queryWidth() * pairs;
  }
}

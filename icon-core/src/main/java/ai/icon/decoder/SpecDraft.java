package ai.icon.decoder;

import ai.icon.decoder.Attention.QueryKeyNorm;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * A spec while its family's reader fills it in: sizes first, then what the family says, each by the
 * keys of its config. Used by one thread, for one config.
 */
final class SpecDraft {
  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";

  private final ConfigReader config;
  private final int hidden;
  private final int layers;
  private final int heads;
  private final int keyValueHeads;
  private final int headDimension;
  private int contextLength;
  private double embeddingMultiplier = 1;
  private boolean hasPositions;
  private Norm norm = new Norm(Norm.Kind.RMS, 1e-6);
  private Placement placement = Placement.PRE;
  private double residualMultiplier = 1;
  private boolean inputBias;
  private boolean outputBias;
  private QueryKeyNorm queryKeyNorm = QueryKeyNorm.NONE;
  private double scale;
  private double attentionCap;
  private IntFunction<Rotary> rotary = layer -> Rotary.NONE;
  private IntFunction<FeedForward> feedForward;
  private int window;
  private IntPredicate isWindowed = layer -> false;
  private boolean isTied;
  private double logitMultiplier = 1;
  private double logitCap;
  private WeightNames names = WeightNames.LLAMA;

  /**
   * What a family calls its sizes.
   *
   * @param hidden key of the width of the residual stream
   * @param layers key of the number of blocks
   * @param heads key of the number of query heads
   * @param context key of the most tokens
   */
  record Keys(String hidden, String layers, String heads, String context) {
    /** What most families call them. */
    static final Keys COMMON =
        new Keys(
            "hidden_size", "num_hidden_layers", "num_attention_heads", "max_position_embeddings");
  }

  /**
   * Begins with the sizes of a config.
   *
   * @param usualHead components of a head where the config has no head_dim; 0 for hidden / heads
   */
  SpecDraft(ConfigReader config, Keys keys, int usualHead) {
    this.config = config;
    this.hidden = config.integer(keys.hidden);
    this.layers = config.integer(keys.layers);
    this.heads = config.integer(keys.heads);
    this.contextLength = config.integer(keys.context, 2048);
    Bounds.require(keys.hidden, hidden, Bounds.WIDTH);
    Bounds.require(keys.layers, layers, Bounds.LAYERS);
    Bounds.require(keys.heads, heads, Bounds.PARTS);
    this.keyValueHeads = config.integer("num_key_value_heads", heads);
    this.headDimension = headDimension(usualHead);
    this.scale = 1 / Math.sqrt(headDimension);
  }

  private int headDimension(int usual) {
    if (config.has("head_dim")) {
      return config.integer("head_dim");
    }
    if (usual > 0) {
      return usual;
    }
    if (hidden % heads != 0) {
      throw new IllegalArgumentException(
          "Invalid hidden_size: must be a multiple of the "
              + heads
              + " heads where there is no head_dim, got "
              + hidden);
    }
    return hidden / heads;
  }

  int hidden() {
    return hidden;
  }

  int layers() {
    return layers;
  }

  int contextLength() {
    return contextLength;
  }

  /** Fewer tokens than the config names, where a family is run for fewer. */
  SpecDraft contextLength(int tokens) {
    contextLength = tokens;
    return this;
  }

  int headDimension() {
    return headDimension;
  }

  /** The formula of norms; epsilon by its key, or the usual one. */
  SpecDraft norm(Norm.Kind kind, String key, double usual) {
    norm = new Norm(kind, config.number(key, usual));
    return this;
  }

  SpecDraft placement(Placement where) {
    placement = where;
    return this;
  }

  SpecDraft biases(boolean input, boolean output) {
    inputBias = input;
    outputBias = output;
    return this;
  }

  SpecDraft queryKeyNorm(QueryKeyNorm over) {
    queryKeyNorm = over;
    return this;
  }

  SpecDraft scale(double value) {
    scale = value;
    return this;
  }

  /** Caps of attention scores and logits, 0 for none. */
  SpecDraft softCaps(double attention, double logits) {
    attentionCap = attention;
    logitCap = logits;
    return this;
  }

  /** Multipliers of embeddings, of what is added to the residual stream, and of logits. */
  SpecDraft multipliers(double embedding, double residual, double logits) {
    embeddingMultiplier = embedding;
    residualMultiplier = residual;
    logitMultiplier = logits;
    return this;
  }

  /** Positions are learned vectors. */
  SpecDraft positions() {
    hasPositions = true;
    return this;
  }

  /** One rotation for all layers, by the config's keys, or the usual base and share of a head. */
  SpecDraft rotary(double usualTheta, double usualShare) {
    Rotary one = new RotaryReader(config, headDimension, usualTheta, usualShare).read();
    return rotary(layer -> one);
  }

  /** A rotation by layer, from 0. */
  SpecDraft rotary(IntFunction<Rotary> byLayer) {
    rotary = byLayer;
    return this;
  }

  /** The rotation that a layer has so far. */
  Rotary rotaryOf(int layer) {
    return rotary.apply(layer);
  }

  /** One gated feed-forward for all layers; the activation by its key. */
  SpecDraft gated(String activationKey, String usualActivation, boolean hasBias) {
    FeedForward one =
        new FeedForward.Dense(
            config.integer("intermediate_size"),
            activation(activationKey, usualActivation),
            true,
            hasBias);
    return feedForward(layer -> one);
  }

  /** One feed-forward without a gate for all layers, with biases. */
  SpecDraft plain(int intermediate, Activation activation) {
    FeedForward one = new FeedForward.Dense(intermediate, activation, false, true);
    return feedForward(layer -> one);
  }

  /** A feed-forward by layer, from 0. */
  SpecDraft feedForward(IntFunction<FeedForward> byLayer) {
    feedForward = byLayer;
    return this;
  }

  /** The feed-forward that a layer has so far. */
  FeedForward feedForwardOf(int layer) {
    return feedForward.apply(layer);
  }

  /** The activation that a key names, or the usual one. */
  Activation activation(String key, String usual) {
    String name = config.text(key, usual);
    return Activation.named(name).orElseThrow(() -> config.unsupported(key + " \"" + name + "\""));
  }

  /**
   * Sliding windows. The config's {@code layer_types} decides if it has one, otherwise the rule.
   *
   * @param tokens that a token of such a layer sees, itself included; 0 if no layer has a window
   * @param usual which layers have it, by number from 0
   */
  SpecDraft windows(int tokens, IntPredicate usual) {
    window = tokens;
    isWindowed = tokens == 0 ? layer -> false : usual;
    if (!config.has("layer_types")) {
      return this;
    }
    List<Boolean> sliding = new ArrayList<>();
    for (JsonNode type : config.list("layer_types", layers)) {
      String name = type.asText();
      if (!name.equals(FULL) && !name.equals(SLIDING)) {
        throw config.unsupported("layer_types \"" + name + "\"");
      }
      sliding.add(name.equals(SLIDING));
    }
    if (sliding.contains(true) && tokens == 0) {
      throw new IllegalArgumentException(
          "Invalid layer_types: sliding_attention needs a sliding_window, there is none");
    }
    isWindowed = sliding::get;
    return this;
  }

  /** Whether a layer has a window, by number from 0. */
  boolean isWindowed(int layer) {
    return isWindowed.test(layer);
  }

  /** Whether the output projection is the embedding: by tie_word_embeddings, or what is usual. */
  SpecDraft tied(boolean usual) {
    isTied = config.flag("tie_word_embeddings", usual);
    return this;
  }

  SpecDraft names(WeightNames value) {
    names = value;
    return this;
  }

  /** The finished spec. */
  DecoderSpec spec() {
    List<Layer> all = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      int sees = isWindowed.test(layer) ? window : 0;
      all.add(new Layer(sees, rotary.apply(layer), feedForward.apply(layer)));
    }
    return new DecoderSpec(
        config.text("model_type", ""),
        config.integer("vocab_size"),
        hidden,
        contextLength,
        new DecoderSpec.Embedding(embeddingMultiplier, hasPositions),
        norm,
        placement,
        residualMultiplier,
        new Attention(
            heads,
            keyValueHeads,
            headDimension,
            inputBias,
            outputBias,
            queryKeyNorm,
            scale,
            attentionCap),
        all,
        new DecoderSpec.OutputHead(isTied, logitMultiplier, logitCap),
        names);
  }
}

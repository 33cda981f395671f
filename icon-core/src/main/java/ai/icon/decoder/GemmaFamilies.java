package ai.icon.decoder;

import ai.icon.decoder.Attention.QueryKeyNorm;
import java.util.Map;

/** Gemma's families: norms of 1 + weight, embeddings times the root of the width, tied output. */
final class GemmaFamilies {
  /** Norms in front of and behind attention and feed-forward. */
  static final WeightNames SANDWICH_NAMES =
      WeightNames.LLAMA
          .with(Role.ATTENTION_POST_NORM, "model.layers.{layer}.post_attention_layernorm")
          .with(Role.FEED_FORWARD_NORM, "model.layers.{layer}.pre_feedforward_layernorm")
          .with(Role.FEED_FORWARD_POST_NORM, "model.layers.{layer}.post_feedforward_layernorm");

  /** What the configs inside Gemma 3's leave out: Transformers' usual sizes, the 4B's. */
  private static final Map<String, Integer> GEMMA3 =
      Map.of(
          "vocab_size",
          262_208,
          "num_attention_heads",
          8,
          "num_key_value_heads",
          4,
          "max_position_embeddings",
          131_072);

  private GemmaFamilies() {}

  /** Gemma 1: norms in front only, no caps. */
  static DecoderSpec gemma(ConfigReader config) {
    FeedForward one = feedForward(config);
    return withoutBidirectional(config).feedForward(layer -> one).rotary(10_000, 1).spec();
  }

  /**
   * Gemma's first configs say {@code gelu}, for a while with the right name in a key of its own,
   * and all of them mean its approximation.
   */
  private static FeedForward feedForward(ConfigReader config) {
    String key = config.has("hidden_activation") ? "hidden_activation" : "hidden_act";
    String name = config.text(key, "gelu_pytorch_tanh");
    Activation activation =
        name.equals("gelu")
            ? Activation.GELU_TANH
            : Activation.named(name)
                .orElseThrow(() -> config.unsupported(key + " \"" + name + "\""));
    return new FeedForward.Dense(config.integer("intermediate_size"), activation, true, false);
  }

  /** Gemma 3 with its image tower, of which nothing is read: sizes and names stand further in. */
  static DecoderSpec gemma3(ConfigReader config) {
    return gemma3(
        config.inner("text_config").over(GEMMA3), SANDWICH_NAMES.under("language_model."));
  }

  /** Gemma 3 of text alone. */
  static DecoderSpec gemma3Text(ConfigReader config) {
    return gemma3(config, SANDWICH_NAMES);
  }

  /** Five layers of six have a window and a rotation of their own; queries and keys have norms. */
  private static DecoderSpec gemma3(ConfigReader config, WeightNames names) {
    int window = LlamaFamilies.windowOrUsual(config);
    int pattern = config.integer("sliding_window_pattern", 6);
    Bounds.require("sliding_window_pattern", pattern, Bounds.WIDTH);
    if (config.has("attn_logit_softcapping")) {
      throw config.unsupported("attn_logit_softcapping of Gemma 3");
    }
    SpecDraft draft =
        withoutBidirectional(config)
            .gated("hidden_activation", "gelu_pytorch_tanh", false)
            .windows(window, layer -> (layer + 1) % pattern != 0)
            .placement(Placement.SANDWICH)
            .names(names)
            .queryKeyNorm(QueryKeyNorm.HEAD)
            .scale(scale(config))
            .softCaps(0, cap(config, "final_logit_softcapping", 0));
    Rotary near = rotary(config, draft.headDimension(), true);
    Rotary far = rotary(config, draft.headDimension(), false);
    return draft.rotary(layer -> draft.isWindowed(layer) ? near : far).spec();
  }

  /** Transformers 5 nests one object for each kind of layer, 4 has a second base for windows. */
  private static Rotary rotary(ConfigReader config, int headDimension, boolean isWindowed) {
    ConfigReader own =
        config.inner("rope_parameters").inner(isWindowed ? "sliding_attention" : "full_attention");
    double usual = isWindowed ? 10_000 : 1_000_000;
    if (own.isObject()) {
      return new RotaryReader(config, headDimension, usual, 1).read(own);
    }
    return isWindowed
        ? new Rotary(
            config.number("rope_local_base_freq", usual), headDimension, new RotaryScaling.None())
        : new RotaryReader(config, headDimension, usual, 1).read(config.inner("rope_scaling"));
  }

  private static SpecDraft withoutBidirectional(ConfigReader config) {
    if (config.flag("use_bidirectional_attention", false)) {
      throw config.unsupported("use_bidirectional_attention");
    }
    return common(config);
  }

  /** Gemma 2: a window in every other layer, from the first; soft caps. */
  static DecoderSpec gemma2(ConfigReader config) {
    int window = LlamaFamilies.windowOrUsual(config);
    return common(config)
        .gated("hidden_activation", "gelu_pytorch_tanh", false)
        .rotary(10_000, 1)
        .windows(window, layer -> layer % 2 == 0)
        .placement(Placement.SANDWICH)
        .names(SANDWICH_NAMES)
        .scale(scale(config))
        .softCaps(
            cap(config, "attn_logit_softcapping", 50), cap(config, "final_logit_softcapping", 30))
        .spec();
  }

  /**
   * What all of them share. Embeddings are multiplied in float32 on purpose: Transformers rounds
   * the root to the weights' type first, which in bfloat16 makes 45.25 of the 45.2548 of a width of
   * 2,048.
   */
  static SpecDraft common(ConfigReader config) {
    boolean bias = config.flag("attention_bias", false);
    SpecDraft draft =
        new SpecDraft(config, SpecDraft.Keys.COMMON, 256)
            .norm(Norm.Kind.RMS_PLUS_ONE, "rms_norm_eps", 1e-6)
            .biases(bias, bias)
            .tied(true);
    return draft.multipliers(Math.sqrt(draft.hidden()), 1, 1);
  }

  /** 1 / √query_pre_attn_scalar, whatever a head's size. */
  static double scale(ConfigReader config) {
    double scalar = config.number("query_pre_attn_scalar", 256);
    Bounds.requireFactor("query_pre_attn_scalar", scalar);
    return 1 / Math.sqrt(scalar);
  }

  /** A soft cap by its key: the usual one where the key is missing, none where it is null. */
  static double cap(ConfigReader config, String key, double usual) {
    if (!config.has(key)) {
      return config.names(key) ? 0 : usual;
    }
    double cap = config.number(key);
    Bounds.requireFactor(key, cap);
    return cap;
  }
}

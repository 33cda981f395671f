package ai.icon.decoder;

/** Gemma's families: norms of 1 + weight, embeddings times the root of the width, tied output. */
final class GemmaFamilies {
  /** Norms in front of and behind attention and feed-forward. */
  static final WeightNames SANDWICH_NAMES =
      WeightNames.LLAMA
          .with(Role.ATTENTION_POST_NORM, "model.layers.{layer}.post_attention_layernorm")
          .with(Role.FEED_FORWARD_NORM, "model.layers.{layer}.pre_feedforward_layernorm")
          .with(Role.FEED_FORWARD_POST_NORM, "model.layers.{layer}.post_feedforward_layernorm");

  private GemmaFamilies() {}

  /** Gemma 2: a window in every other layer, from the first; soft caps. */
  static DecoderSpec gemma2(ConfigReader config) {
    int window = config.names("sliding_window") ? LlamaFamilies.window(config) : 4_096;
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

  /** What all of them share. */
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

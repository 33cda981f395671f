package ai.icon.decoder;

import ai.icon.decoder.Attention.QueryKeyNorm;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;

/** Families whose config has Llama's keys and whose tensors have, but for a few, Llama's names. */
final class LlamaFamilies {
  private LlamaFamilies() {}

  /** Llama 1 to 3.x, SmolLM2, TinyLlama, Falcon 3. */
  static DecoderSpec llama(ConfigReader config) {
    boolean bias = config.flag("attention_bias", false);
    return common(config, config.flag("mlp_bias", false), 1e-6, 10_000)
        .biases(bias, bias)
        .tied(false)
        .spec();
  }

  /**
   * Mistral and Ministral: every layer sees a window, where the config has one, but for those that
   * layer_types leaves out.
   */
  static DecoderSpec mistral(ConfigReader config) {
    int window = windowOrUsual(config);
    return common(config, false, 1e-6, 10_000).windows(window, layer -> true).tied(false).spec();
  }

  /** Granite 3: embeddings, scores, what is added to the stream, and logits are multiplied. */
  static DecoderSpec granite(ConfigReader config) {
    boolean bias = config.flag("attention_bias", false);
    double divisor = config.number("logits_scaling", 1);
    Bounds.requireFactor("logits_scaling", divisor);
    return common(config, config.flag("mlp_bias", false), 1e-6, 10_000)
        .biases(bias, bias)
        .scale(config.number("attention_multiplier", 1))
        .multipliers(
            config.number("embedding_multiplier", 1),
            config.number("residual_multiplier", 1),
            1 / divisor)
        .tied(false)
        .spec();
  }

  /** Qwen 2 and 2.5: biases of queries, keys and values. */
  static DecoderSpec qwen2(ConfigReader config) {
    SpecDraft draft = common(config, false, 1e-6, 10_000).biases(true, false).tied(false);
    return upperWindows(config, draft).spec();
  }

  /** Qwen 3: queries and keys are normalised head by head. */
  static DecoderSpec qwen3(ConfigReader config) {
    boolean bias = config.flag("attention_bias", false);
    SpecDraft draft =
        common(config, 128, false, 1e-6, 10_000)
            .biases(bias, bias)
            .queryKeyNorm(QueryKeyNorm.HEAD)
            .tied(false);
    return upperWindows(config, draft).spec();
  }

  /** SmolLM 3: every fourth layer does not rotate; it has the window, if one is used. */
  static DecoderSpec smollm3(ConfigReader config) {
    boolean bias = config.flag("attention_bias", false);
    SpecDraft draft =
        common(config, config.flag("mlp_bias", false), 1e-6, 2_000_000)
            .biases(bias, bias)
            .tied(true);
    Rotary rotary = draft.rotaryOf(0);
    List<Boolean> rotates = rotatingLayers(config, draft.layers());
    draft.rotary(layer -> rotates.get(layer) ? rotary : Rotary.NONE);
    int window = config.flag("use_sliding_window", false) ? window(config) : 0;
    return draft.windows(window, layer -> !rotates.get(layer)).spec();
  }

  private static List<Boolean> rotatingLayers(ConfigReader config, int layers) {
    if (config.has("no_rope_layers")) {
      return config.list("no_rope_layers", layers).stream().map(LlamaFamilies::rotates).toList();
    }
    int interval = config.integer("no_rope_layer_interval", 4);
    Bounds.require("no_rope_layer_interval", interval, Bounds.WIDTH);
    return IntStream.range(0, layers).mapToObj(layer -> (layer + 1) % interval != 0).toList();
  }

  /** The key's name misleads: 1 stands for a layer that rotates. */
  private static boolean rotates(JsonNode entry) {
    if (!entry.isIntegralNumber() || entry.intValue() < 0 || entry.intValue() > 1) {
      throw new IllegalArgumentException(
          "Invalid no_rope_layers: each entry must be 0 or 1, got " + entry);
    }
    return entry.intValue() == 1;
  }

  /**
   * OLMo 2: norms behind attention and feed-forward, queries and keys normalised over all heads.
   */
  static DecoderSpec olmo2(ConfigReader config) {
    boolean bias = config.flag("attention_bias", false);
    return common(config, false, 1e-5, 10_000)
        .biases(bias, bias)
        .placement(Placement.POST)
        .queryKeyNorm(QueryKeyNorm.WIDTH)
        .tied(false)
        .names(
            WeightNames.LLAMA
                .with(Role.ATTENTION_POST_NORM, "model.layers.{layer}.post_attention_layernorm")
                .with(
                    Role.FEED_FORWARD_POST_NORM, "model.layers.{layer}.post_feedforward_layernorm"))
        .spec();
  }

  /** Phi 3 and 3.5: one tensor of queries, keys and values, one of gate and up. */
  static DecoderSpec phi3(ConfigReader config) {
    String qkv = "model.layers.{layer}.self_attn.qkv_proj";
    String gateUp = "model.layers.{layer}.mlp.gate_up_proj";
    return common(config, false, 1e-5, 10_000)
        .windows(window(config), layer -> true)
        .tied(false)
        .names(
            WeightNames.LLAMA
                .with(Role.QUERY, qkv)
                .with(Role.KEY, qkv)
                .with(Role.VALUE, qkv)
                .with(Role.GATE, gateUp)
                .with(Role.UP, gateUp))
        .spec();
  }

  /** What all of them share: norms in front, gated feed-forward, one rotation. */
  static SpecDraft common(
      ConfigReader config, boolean feedForwardBias, double epsilon, double theta) {
    return common(config, 0, feedForwardBias, epsilon, theta);
  }

  private static SpecDraft common(
      ConfigReader config, int usualHead, boolean feedForwardBias, double epsilon, double theta) {
    return new SpecDraft(config, SpecDraft.Keys.COMMON, usualHead)
        .norm(Norm.Kind.RMS, "rms_norm_eps", epsilon)
        .gated("hidden_act", "silu", feedForwardBias)
        .rotary(theta, 1);
  }

  /** Windows from max_window_layers upwards, if use_sliding_window asks for them. */
  static SpecDraft upperWindows(ConfigReader config, SpecDraft draft) {
    boolean isUsed = config.flag("use_sliding_window", false);
    int first = config.integer("max_window_layers", 28);
    return draft.windows(isUsed ? windowOrUsual(config) : 0, layer -> layer >= first);
  }

  /** Transformers gives many a config that does not name the window one of 4,096; null is none. */
  static int windowOrUsual(ConfigReader config) {
    return config.names("sliding_window") ? window(config) : 4_096;
  }

  /** The window of a config in tokens, 0 for none. */
  static int window(ConfigReader config) {
    if (!config.has("sliding_window")) {
      return 0;
    }
    int window = config.integer("sliding_window");
    Bounds.require("sliding_window", window, Integer.MAX_VALUE);
    return window;
  }
}

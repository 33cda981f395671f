package ai.icon.decoder;

import ai.icon.decoder.Attention.QueryKeyNorm;
import java.util.List;

/** Families whose feed-forward is a mixture of experts, in all layers or in some. */
final class ExpertFamilies {
  private static final WeightNames MIXTRAL =
      WeightNames.LLAMA
          .with(Role.ROUTER, "model.layers.{layer}.block_sparse_moe.gate")
          .with(Role.EXPERT_GATE, "model.layers.{layer}.block_sparse_moe.experts.{expert}.w1")
          .with(Role.EXPERT_DOWN, "model.layers.{layer}.block_sparse_moe.experts.{expert}.w2")
          .with(Role.EXPERT_UP, "model.layers.{layer}.block_sparse_moe.experts.{expert}.w3");

  private static final WeightNames QWEN3 =
      WeightNames.LLAMA
          .with(Role.ROUTER, "model.layers.{layer}.mlp.gate")
          .with(Role.EXPERT_GATE, "model.layers.{layer}.mlp.experts.{expert}.gate_proj")
          .with(Role.EXPERT_DOWN, "model.layers.{layer}.mlp.experts.{expert}.down_proj")
          .with(Role.EXPERT_UP, "model.layers.{layer}.mlp.experts.{expert}.up_proj");

  private ExpertFamilies() {}

  /** Mixtral: experts in every layer, their weights made to add up to 1. */
  static DecoderSpec mixtral(ConfigReader config) {
    SpecDraft draft =
        LlamaFamilies.common(config, false, 1e-5, 1_000_000)
            .windows(LlamaFamilies.window(config), layer -> true)
            .tied(false)
            .names(MIXTRAL);
    FeedForward experts =
        new FeedForward.Experts(
            config.integer("intermediate_size"),
            draft.activation("hidden_act", "silu"),
            config.integer("num_local_experts", 8),
            config.integer("num_experts_per_tok", 2),
            true);
    return draft.feedForward(layer -> experts).spec();
  }

  /** Qwen 3 with experts, but for the layers that its config leaves dense. */
  static DecoderSpec qwen3Moe(ConfigReader config) {
    boolean bias = config.flag("attention_bias", false);
    int window = config.flag("use_sliding_window", false) ? LlamaFamilies.windowOrUsual(config) : 0;
    SpecDraft draft =
        LlamaFamilies.common(config, false, 1e-6, 10_000)
            .biases(bias, bias)
            .queryKeyNorm(QueryKeyNorm.HEAD)
            .windows(window, layer -> true)
            .tied(false)
            .names(QWEN3);
    FeedForward dense = draft.feedForwardOf(0);
    // Transformers 5 writes Mixtral's key.
    int experts = config.integer("num_experts", config.integer("num_local_experts", 128));
    FeedForward sparse =
        new FeedForward.Experts(
            config.integer("moe_intermediate_size", 768),
            draft.activation("hidden_act", "silu"),
            experts,
            config.integer("num_experts_per_tok", 8),
            config.flag("norm_topk_prob", false));
    List<Integer> denseLayers = config.integers("mlp_only_layers");
    int step = config.integer("decoder_sparse_step", 1);
    Bounds.require("decoder_sparse_step", step, Bounds.WIDTH);
    return draft
        .feedForward(
            layer -> denseLayers.contains(layer) || (layer + 1) % step != 0 ? dense : sparse)
        .spec();
  }
}

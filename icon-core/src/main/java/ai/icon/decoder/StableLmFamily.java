package ai.icon.decoder;

import ai.icon.decoder.Attention.QueryKeyNorm;

/** StableLM: Llama's projections and names, layer norms, a quarter of each head rotated. */
final class StableLmFamily {
  private static final WeightNames NAMES =
      WeightNames.LLAMA
          .with(Role.QUERY_NORM, "model.layers.{layer}.self_attn.q_layernorm.norms.{head}")
          .with(Role.KEY_NORM, "model.layers.{layer}.self_attn.k_layernorm.norms.{head}");

  private StableLmFamily() {}

  /** StableLM 3B, 1.6B, Zephyr; 12B, whose blocks are parallel and whose heads have own norms. */
  static DecoderSpec stablelm(ConfigReader config) {
    boolean isParallel = config.flag("use_parallel_residual", false);
    boolean isNormed = config.flag("qk_layernorm", false);
    return new SpecDraft(config, SpecDraft.Keys.COMMON, 0)
        .norm(Norm.Kind.LAYER, "layer_norm_eps", 1e-5)
        .gated("hidden_act", "silu", false)
        .rotary(10_000, 0.25)
        .biases(config.flag("use_qkv_bias", false), false)
        .queryKeyNorm(isNormed ? QueryKeyNorm.OWN : QueryKeyNorm.NONE)
        .placement(isParallel ? Placement.PARALLEL_ONE_NORM : Placement.PRE)
        .tied(false)
        .names(NAMES)
        .spec();
  }
}

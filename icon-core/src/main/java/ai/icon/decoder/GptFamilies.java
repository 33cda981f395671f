package ai.icon.decoder;

import java.util.Map;

/** Families with GPT's layer norms, plain feed-forward and biases throughout. */
final class GptFamilies {
  private static final WeightNames NEOX =
      new WeightNames(
          "gpt_neox.",
          Map.ofEntries(
              Map.entry(Role.EMBEDDING, "gpt_neox.embed_in"),
              Map.entry(Role.ATTENTION_NORM, "gpt_neox.layers.{layer}.input_layernorm"),
              Map.entry(Role.QUERY, "gpt_neox.layers.{layer}.attention.query_key_value"),
              Map.entry(Role.KEY, "gpt_neox.layers.{layer}.attention.query_key_value"),
              Map.entry(Role.VALUE, "gpt_neox.layers.{layer}.attention.query_key_value"),
              Map.entry(Role.ATTENTION_OUTPUT, "gpt_neox.layers.{layer}.attention.dense"),
              Map.entry(Role.FEED_FORWARD_NORM, "gpt_neox.layers.{layer}.post_attention_layernorm"),
              Map.entry(Role.UP, "gpt_neox.layers.{layer}.mlp.dense_h_to_4h"),
              Map.entry(Role.DOWN, "gpt_neox.layers.{layer}.mlp.dense_4h_to_h"),
              Map.entry(Role.FINAL_NORM, "gpt_neox.final_layer_norm"),
              Map.entry(Role.HEAD, "embed_out")),
          WeightNames.Packing.BY_HEAD,
          false);

  private static final WeightNames GPT2 =
      new WeightNames(
          "transformer.",
          Map.ofEntries(
              Map.entry(Role.EMBEDDING, "transformer.wte"),
              Map.entry(Role.POSITIONS, "transformer.wpe"),
              Map.entry(Role.ATTENTION_NORM, "transformer.h.{layer}.ln_1"),
              Map.entry(Role.QUERY, "transformer.h.{layer}.attn.c_attn"),
              Map.entry(Role.KEY, "transformer.h.{layer}.attn.c_attn"),
              Map.entry(Role.VALUE, "transformer.h.{layer}.attn.c_attn"),
              Map.entry(Role.ATTENTION_OUTPUT, "transformer.h.{layer}.attn.c_proj"),
              Map.entry(Role.FEED_FORWARD_NORM, "transformer.h.{layer}.ln_2"),
              Map.entry(Role.UP, "transformer.h.{layer}.mlp.c_fc"),
              Map.entry(Role.DOWN, "transformer.h.{layer}.mlp.c_proj"),
              Map.entry(Role.FINAL_NORM, "transformer.ln_f"),
              Map.entry(Role.HEAD, "lm_head")),
          WeightNames.Packing.STACKED,
          true);

  private GptFamilies() {}

  /** GPT-NeoX and Pythia: attention and feed-forward side by side, a part of each head rotated. */
  static DecoderSpec neox(ConfigReader config) {
    boolean bias = config.flag("attention_bias", true);
    boolean isParallel = config.flag("use_parallel_residual", true);
    SpecDraft draft = new SpecDraft(config, SpecDraft.Keys.COMMON, 0);
    return draft
        .norm(Norm.Kind.LAYER, "layer_norm_eps", 1e-5)
        .biases(bias, bias)
        .plain(config.integer("intermediate_size"), draft.activation("hidden_act", "gelu"))
        .rotary(10_000, 0.25)
        .placement(isParallel ? Placement.PARALLEL : Placement.PRE)
        .tied(false)
        .names(NEOX)
        .spec();
  }

  /** GPT-2: learned positions, projections stored as Conv1D, [in, out]. */
  static DecoderSpec gpt2(ConfigReader config) {
    if (config.flag("scale_attn_by_inverse_layer_idx", false)) {
      throw config.unsupported("scale_attn_by_inverse_layer_idx");
    }
    if (config.flag("add_cross_attention", false)) {
      throw config.unsupported("add_cross_attention");
    }
    SpecDraft draft =
        new SpecDraft(config, new SpecDraft.Keys("n_embd", "n_layer", "n_head", "n_positions"), 0);
    if (!config.flag("scale_attn_weights", true)) {
      draft.scale(1);
    }
    return draft
        .norm(Norm.Kind.LAYER, "layer_norm_epsilon", 1e-5)
        .biases(true, true)
        .plain(
            config.integer("n_inner", 4 * draft.hidden()),
            draft.activation("activation_function", "gelu_new"))
        .positions()
        .tied(true)
        .names(GPT2)
        .spec();
  }
}

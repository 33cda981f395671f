package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What llama.cpp's converter does to a family's tensors when it writes a GGUF: the names it gives,
 * and in what the values differ from the Hugging Face checkpoint. Source: convert_hf_to_gguf.py and
 * gguf-py's tensor_mapping.py.
 *
 * @param architecture general.architecture
 * @param outside Hugging Face's names of what stands outside of blocks, by GGUF's
 * @param block in front of a block's number
 * @param inside Hugging Face's names within a block, by GGUF's
 * @param stacked Hugging Face's names of the tensors that a GGUF holds as one with an axis more, %d
 *     for their number on it, by GGUF's
 * @param change how values differ
 */
record GgufFamily(
    String architecture,
    Map<String, String> outside,
    String block,
    Map<String, String> inside,
    Map<String, String> stacked,
    Change change) {

  /** In what a family's values differ from the Hugging Face checkpoint. */
  enum Change {
    /** Nothing. */
    NONE,
    /** Rows of q and k stand as adjacent rotary pairs. */
    PAIRED_ROTARY,
    /** Norms have 1 added. */
    NORM_PLUS_ONE,
    /** q, k and v of all heads follow each other, not head by head. */
    QKV_APART,
    /** Matrices stand as [out, in]. */
    TRANSPOSED
  }

  private static final Map<String, String> LLAMA_OUTSIDE =
      Map.of("token_embd", "model.embed_tokens", "output_norm", "model.norm", "output", "lm_head");

  private static final Map<String, String> LLAMA_INSIDE =
      Map.of(
          "attn_norm", "input_layernorm",
          "attn_q", "self_attn.q_proj",
          "attn_k", "self_attn.k_proj",
          "attn_v", "self_attn.v_proj",
          "attn_output", "self_attn.o_proj",
          "ffn_norm", "post_attention_layernorm",
          "ffn_gate", "mlp.gate_proj",
          "ffn_up", "mlp.up_proj",
          "ffn_down", "mlp.down_proj");

  private static final Map<String, String> HEAD_NORMS =
      Map.of("attn_q_norm", "self_attn.q_norm", "attn_k_norm", "self_attn.k_norm");

  private static final Map<String, String> SANDWICH =
      Map.of(
          "post_attention_norm", "post_attention_layernorm",
          "ffn_norm", "pre_feedforward_layernorm",
          "post_ffw_norm", "post_feedforward_layernorm");

  private static final List<GgufFamily> ALL =
      List.of(
          likeLlama("llama", Change.PAIRED_ROTARY)
              .with(Map.of("ffn_gate_inp", "block_sparse_moe.gate"))
              .withExperts(
                  "block_sparse_moe.experts.%d.w1",
                  "block_sparse_moe.experts.%d.w3", "block_sparse_moe.experts.%d.w2"),
          likeLlama("smollm3", Change.PAIRED_ROTARY),
          likeLlama("granite", Change.PAIRED_ROTARY),
          likeLlama("qwen2", Change.NONE),
          likeLlama("qwen3", Change.NONE).with(HEAD_NORMS),
          likeLlama("qwen3moe", Change.NONE)
              .with(HEAD_NORMS)
              .with(Map.of("ffn_gate_inp", "mlp.gate"))
              .withExperts(
                  "mlp.experts.%d.gate_proj", "mlp.experts.%d.up_proj", "mlp.experts.%d.down_proj"),
          likeLlama("gemma", Change.NORM_PLUS_ONE),
          likeLlama("gemma2", Change.NORM_PLUS_ONE).with(SANDWICH),
          likeLlama("gemma3", Change.NORM_PLUS_ONE).with(SANDWICH).with(HEAD_NORMS),
          likeLlama("olmo2", Change.NONE).with(SANDWICH).with(HEAD_NORMS),
          likeLlama("phi3", Change.NONE)
              .with(Map.of("attn_qkv", "self_attn.qkv_proj", "ffn_up", "mlp.gate_up_proj")),
          likeLlama("stablelm", Change.NONE)
              .withStacked(
                  Map.of(
                      "attn_q_norm", "self_attn.q_layernorm.norms.%d",
                      "attn_k_norm", "self_attn.k_layernorm.norms.%d")),
          gptNeox(),
          gpt2());

  GgufFamily {
    outside = Map.copyOf(outside);
    inside = Map.copyOf(inside);
    stacked = Map.copyOf(stacked);
  }

  /**
   * The family of a file.
   *
   * @throws UserError if its architecture is none of those that are read
   */
  static GgufFamily of(GgufMetadata metadata) {
    String type = metadata.text("general.type").orElse("model");
    if (!type.equals("model")) {
      throw new UserError(
          "Cannot use %s: it is of type \"%s\", not a model".formatted(metadata.file(), type),
          "Give the GGUF file of the whole model.");
    }
    long parts = metadata.integer("split.count").orElse(1);
    if (parts > 1) {
      throw new UserError(
          "Cannot use %s: it is one of %d parts of a GGUF file".formatted(metadata.file(), parts),
          "Join the parts: llama-gguf-split --merge FIRST_PART WHOLE.gguf, and give the whole.");
    }
    String name = metadata.requireText("general.architecture");
    Optional<GgufFamily> family =
        ALL.stream().filter(each -> each.architecture().equals(name)).findFirst();
    return family.orElseThrow(
        () ->
            new UserError(
                "Cannot use %s: its general.architecture is \"%s\", read are %s"
                    .formatted(
                        metadata.file(),
                        name,
                        ALL.stream().map(GgufFamily::architecture).sorted().toList()),
                "Use a model of one of these architectures, or the Hugging Face folder that the"
                    + " file was made from."));
  }

  private static GgufFamily likeLlama(String architecture, Change change) {
    return new GgufFamily(
        architecture, LLAMA_OUTSIDE, "model.layers.", LLAMA_INSIDE, Map.of(), change);
  }

  private static GgufFamily gptNeox() {
    return new GgufFamily(
        "gptneox",
        Map.of(
            "token_embd", "gpt_neox.embed_in",
            "output_norm", "gpt_neox.final_layer_norm",
            "output", "embed_out"),
        "gpt_neox.layers.",
        Map.of(
            "attn_norm", "input_layernorm",
            "attn_qkv", "attention.query_key_value",
            "attn_output", "attention.dense",
            "ffn_norm", "post_attention_layernorm",
            "ffn_up", "mlp.dense_h_to_4h",
            "ffn_down", "mlp.dense_4h_to_h"),
        Map.of(),
        Change.QKV_APART);
  }

  private static GgufFamily gpt2() {
    return new GgufFamily(
        "gpt2",
        Map.of(
            "token_embd", "transformer.wte",
            "position_embd", "transformer.wpe",
            "output_norm", "transformer.ln_f",
            "output", "lm_head"),
        "transformer.h.",
        Map.of(
            "attn_norm", "ln_1",
            "attn_qkv", "attn.c_attn",
            "attn_output", "attn.c_proj",
            "ffn_norm", "ln_2",
            "ffn_up", "mlp.c_fc",
            "ffn_down", "mlp.c_proj"),
        Map.of(),
        Change.TRANSPOSED);
  }

  private GgufFamily with(Map<String, String> more) {
    Map<String, String> names = new HashMap<>(inside);
    names.putAll(more);
    return new GgufFamily(architecture, outside, block, names, stacked, change);
  }

  private GgufFamily withExperts(String gate, String up, String down) {
    return withStacked(Map.of("ffn_gate_exps", gate, "ffn_up_exps", up, "ffn_down_exps", down));
  }

  private GgufFamily withStacked(Map<String, String> names) {
    return new GgufFamily(architecture, outside, block, inside, names, change);
  }
}

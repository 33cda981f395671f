package ai.icon.checkpoint;

import ai.icon.error.UserError;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Writes what a GGUF's metadata says of a model as the config.json that Hugging Face has for it.
 * Source of the keys: gguf-py's constants.py, convert_hf_to_gguf.py, and what llama.cpp itself sets
 * for an architecture without asking the file, as said at each.
 */
final class GgufConfig {
  /** Several lists have an entry a block. */
  private static final int MOST_BLOCKS = 1 << 16;

  private final GgufFile file;
  private final GgufMetadata metadata;
  private final String architecture;
  private final ObjectNode config = JsonNodeFactory.instance.objectNode();

  private GgufConfig(GgufFile file, GgufFamily family) {
    this.file = file;
    this.metadata = file.metadata();
    this.architecture = family.architecture();
  }

  /**
   * The config of a file.
   *
   * @throws UserError if a key is missing, of another kind, or says what cannot be
   */
  static ObjectNode of(GgufFile file, GgufFamily family) {
    GgufConfig writer = new GgufConfig(file, family);
    if (family.architecture().equals("gpt2")) {
      writer.gpt2();
    } else {
      writer.rotary();
    }
    return writer.config;
  }

  private void rotary() {
    long hidden = size("embedding_length");
    long heads = size("attention.head_count");
    long headDimension = integer("attention.key_length", hidden / heads);
    config
        .put("model_type", modelType())
        .put("vocab_size", vocabulary())
        .put("hidden_size", hidden)
        .put("intermediate_size", size("feed_forward_length"))
        .put("num_hidden_layers", blocks())
        .put("num_attention_heads", heads)
        .put("num_key_value_heads", integer("attention.head_count_kv", heads))
        .put("head_dim", headDimension)
        .put("max_position_embeddings", size("context_length"))
        .put("tie_word_embeddings", !has("output.weight"))
        .put("hidden_act", "silu");
    tokens();
    rope(headDimension);
    switch (architecture) {
      case "llama" -> llama();
      case "smollm3" -> smollm3();
      case "granite" -> granite();
      case "qwen3moe" -> qwen3moe();
      case "gemma", "gemma2", "gemma3" -> gemma(hidden / heads, headDimension);
      case "olmo2" -> olmo2();
      case "phi3" -> phi3();
      case "stablelm" -> stablelm();
      case "gptneox" -> gptNeox();
      case "qwen3" -> qwen3();
      default -> rmsNorm(); // qwen2
    }
  }

  private String modelType() {
    return switch (architecture) {
      case "llama" -> has("blk.0.ffn_gate_inp.weight") ? "mixtral" : windowed("mistral", "llama");
      case "qwen3moe" -> "qwen3_moe";
      case "gemma3" -> "gemma3_text";
      case "gptneox" -> "gpt_neox";
      case "olmo2" -> windowed("olmo3", "olmo2");
      default -> architecture;
    };
  }

  private String windowed(String with, String without) {
    return integer("attention.sliding_window", 0) > 0 ? with : without;
  }

  private void rope(long headDimension) {
    GgufRotary rotary = new GgufRotary(file, architecture);
    long rotated = rotary.dimensions(headDimension);
    config.put("rope_theta", rotary.theta());
    rotary.scaling(rotated).ifPresent(scaling -> config.set("rope_scaling", scaling));
    boolean mayBePartial =
        architecture.equals("phi3")
            || architecture.equals("stablelm")
            || architecture.equals("gptneox");
    if (mayBePartial) {
      config.put("partial_rotary_factor", share(rotated, headDimension));
    } else if (rotated != headDimension) {
      throw Unreadable.weights(
          file.path(),
          "metadata %s.rope.dimension_count must be the head's %d, got %d"
              .formatted(architecture, headDimension, rotated));
    }
  }

  /** Hugging Face cuts head_dim times this down to a whole number: it must not fall short. */
  private static double share(long rotated, long headDimension) {
    double share = (double) rotated / headDimension;
    return (long) (headDimension * share) < rotated ? Math.nextUp(share) : share;
  }

  private void llama() {
    rmsNorm();
    config
        .put("attention_bias", has("blk.0.attn_q.bias"))
        .put("mlp_bias", has("blk.0.ffn_up.bias"));
    long window = integer("attention.sliding_window", 0);
    if (window > 0) {
      config.put("sliding_window", window);
    }
    if (has("blk.0.ffn_gate_inp.weight")) {
      config
          .put("num_local_experts", size("expert_count"))
          .put("num_experts_per_tok", size("expert_used_count"));
    }
  }

  /** That every fourth layer does without rotation is llama.cpp's own, not the file's. */
  private void smollm3() {
    rmsNorm();
    config
        .put("attention_bias", has("blk.0.attn_q.bias"))
        .put("mlp_bias", has("blk.0.ffn_up.bias"));
    ArrayNode rotated = config.put("no_rope_layer_interval", 4).putArray("no_rope_layers");
    for (int layer = 1; layer <= layers(); layer++) {
      rotated.add(layer % 4 == 0 ? 0 : 1);
    }
  }

  private void granite() {
    rmsNorm();
    config
        .put("attention_bias", has("blk.0.attn_q.bias"))
        .put("mlp_bias", has("blk.0.ffn_up.bias"))
        .put("attention_multiplier", requireNumber("attention.scale"))
        .put("embedding_multiplier", requireNumber("embedding_scale"))
        .put("residual_multiplier", requireNumber("residual_scale"))
        .put("logits_scaling", requireNumber("logit_scale"));
  }

  private void qwen3() {
    rmsNorm();
    config.put("attention_bias", has("blk.0.attn_q.bias"));
  }

  /** That the chosen experts' weights are normed is llama.cpp's own, not the file's. */
  private void qwen3moe() {
    qwen3();
    config
        .put("num_experts", size("expert_count"))
        .put("num_experts_per_tok", size("expert_used_count"))
        .put("moe_intermediate_size", size("expert_feed_forward_length"))
        .put("norm_topk_prob", true)
        .put("decoder_sparse_step", 1)
        .putArray("mlp_only_layers");
  }

  /**
   * The scale of the scores, the alternation of windows and Gemma 3's second base are llama.cpp's
   * own, not the file's; newer files name base and pattern.
   */
  private void gemma(long hiddenShare, long headDimension) {
    rmsNorm();
    config
        .put("hidden_act", "gelu_pytorch_tanh")
        .put("hidden_activation", "gelu_pytorch_tanh")
        .put("attention_bias", has("blk.0.attn_q.bias"));
    if (architecture.equals("gemma")) {
      return;
    }
    // The two models of 27B scale by the width that a head would have, all others by its own.
    boolean isLargest = layers() == (architecture.equals("gemma2") ? 46 : 62);
    config.put("query_pre_attn_scalar", isLargest ? hiddenShare : headDimension);
    softCap("attn_logit_softcapping");
    softCap("final_logit_softcapping");
    config.put("sliding_window", size("attention.sliding_window"));
    int every = architecture.equals("gemma2") ? 2 : 6;
    ArrayNode types = config.putArray("layer_types");
    for (int layer = 1; layer <= layers(); layer++) {
      types.add(layer % every == 0 ? "full_attention" : "sliding_attention");
    }
    if (architecture.equals("gemma3")) {
      config.put("rope_local_base_freq", number("rope.freq_base_swa", 10_000));
      config.put("rope_theta", number("rope.freq_base", 1_000_000));
    }
  }

  private void softCap(String key) {
    double cap = number(key, 0);
    if (cap > 0) {
      config.put(key, cap);
    } else {
      config.putNull(key);
    }
  }

  private void olmo2() {
    rmsNorm();
    config.put("attention_bias", has("blk.0.attn_q.bias"));
  }

  private void phi3() {
    rmsNorm();
    config.put(
        "original_max_position_embeddings",
        integer("rope.scaling.original_context_length", size("context_length")));
    long window = integer("attention.sliding_window", 0); // 0 stands for none
    if (window > 0) {
      config.put("sliding_window", window);
    } else {
      config.putNull("sliding_window");
    }
  }

  private void stablelm() {
    config
        .put("layer_norm_eps", requireNumber("attention.layer_norm_epsilon"))
        .put("use_qkv_bias", has("blk.0.attn_q.bias"))
        .put("qk_layernorm", has("blk.0.attn_q_norm.weight"))
        .put("use_parallel_residual", !has("blk.0.ffn_norm.weight"));
  }

  private void gptNeox() {
    config
        .put("hidden_act", "gelu")
        .put("layer_norm_eps", requireNumber("attention.layer_norm_epsilon"))
        .put("attention_bias", has("blk.0.attn_qkv.bias"))
        .put("use_parallel_residual", flag("use_parallel_residual", true))
        .put("rotary_emb_base", config.path("rope_theta").doubleValue())
        .put("rotary_pct", config.path("partial_rotary_factor").doubleValue());
  }

  private void gpt2() {
    long hidden = size("embedding_length");
    config
        .put("model_type", "gpt2")
        .put("vocab_size", vocabulary())
        .put("n_embd", hidden)
        .put("n_layer", blocks())
        .put("n_head", size("attention.head_count"))
        .put("n_positions", size("context_length"))
        .put("n_inner", integer("feed_forward_length", 4 * hidden))
        .put("layer_norm_epsilon", requireNumber("attention.layer_norm_epsilon"))
        .put("activation_function", "gelu_new")
        .put("tie_word_embeddings", !has("output.weight"));
    tokens();
  }

  private void rmsNorm() {
    config.put("rms_norm_eps", requireNumber("attention.layer_norm_rms_epsilon"));
  }

  private void tokens() {
    metadata.integer("tokenizer.ggml.bos_token_id").ifPresent(id -> config.put("bos_token_id", id));
    metadata.integer("tokenizer.ggml.eos_token_id").ifPresent(id -> config.put("eos_token_id", id));
  }

  /** The embedding's rows: of some models they are fewer, of others more than the tokens. */
  private long vocabulary() {
    GgufTensor embedding = file.tensors().get("token_embd.weight");
    if (embedding == null) {
      throw Unreadable.weights(file.path(), "it has no tensor 'token_embd.weight'");
    }
    return embedding.rows();
  }

  private boolean has(String tensor) {
    return file.tensors().containsKey(tensor);
  }

  private long blocks() {
    long blocks = size("block_count");
    if (blocks > MOST_BLOCKS) {
      throw Unreadable.weights(
          file.path(),
          "metadata %s must be from 1 to %d, got %d"
              .formatted(key("block_count"), MOST_BLOCKS, blocks));
    }
    return blocks;
  }

  private long layers() {
    return config.path("num_hidden_layers").longValue();
  }

  private long size(String key) {
    return checked(key, metadata.requireInteger(key(key)));
  }

  private long integer(String key, long otherwise) {
    return metadata.integer(key(key)).orElse(otherwise);
  }

  private long checked(String key, long value) {
    if (value < 1 || value > Integer.MAX_VALUE) {
      throw Unreadable.weights(
          file.path(), "metadata %s must be from 1 to 2^31-1, got %d".formatted(key(key), value));
    }
    return value;
  }

  private double number(String key, double otherwise) {
    return metadata.number(key(key)).orElse(otherwise);
  }

  private double requireNumber(String key) {
    return metadata.requireNumber(key(key));
  }

  private boolean flag(String key, boolean otherwise) {
    return metadata.flag(key(key)).orElse(otherwise);
  }

  private String key(String key) {
    return architecture + "." + key;
  }
}

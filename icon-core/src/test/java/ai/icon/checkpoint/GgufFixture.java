package ai.icon.checkpoint;

import java.util.List;

/** A small GGUF that is a whole Llama model of one block: 2 heads of 4, one of keys, 6 tokens. */
final class GgufFixture {
  static final int WIDTH = 8;

  private GgufFixture() {}

  /** Everything but the tensors of the block. */
  static GgufWriter outside() {
    return metadata("llama")
        .floats("token_embd.weight", count(6 * WIDTH, 0), 6, WIDTH)
        .floats("output_norm.weight", count(WIDTH, 0), WIDTH);
  }

  /** The whole model. */
  static GgufWriter whole() {
    return outside()
        .floats("blk.0.attn_norm.weight", count(WIDTH, 0), WIDTH)
        .floats("blk.0.attn_q.weight", count(8 * WIDTH, 100), 8, WIDTH)
        .floats("blk.0.attn_k.weight", count(4 * WIDTH, 200), 4, WIDTH)
        .floats("blk.0.attn_v.weight", count(4 * WIDTH, 300), 4, WIDTH)
        .floats("blk.0.attn_output.weight", count(8 * WIDTH, 400), WIDTH, 8)
        .floats("blk.0.ffn_norm.weight", count(WIDTH, 0), WIDTH)
        .floats("blk.0.ffn_gate.weight", count(16 * WIDTH, 0), 16, WIDTH)
        .floats("blk.0.ffn_up.weight", count(16 * WIDTH, 0), 16, WIDTH)
        .floats("blk.0.ffn_down.weight", count(16 * WIDTH, 0), WIDTH, 16);
  }

  /** Sizes and tokenizer of a model of an architecture that is like Llama. */
  static GgufWriter metadata(String architecture) {
    return new GgufWriter()
        .text("general.architecture", architecture)
        .integer(architecture + ".context_length", 64)
        .integer(architecture + ".embedding_length", WIDTH)
        .integer(architecture + ".block_count", 1)
        .integer(architecture + ".feed_forward_length", 16)
        .integer(architecture + ".attention.head_count", 2)
        .integer(architecture + ".attention.head_count_kv", 1)
        .number(architecture + ".attention.layer_norm_rms_epsilon", 1e-5)
        .text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", "gpt-2")
        .texts("tokenizer.ggml.tokens", List.of("<s>", "</s>", "a", "b", "c", "ab"))
        .integers("tokenizer.ggml.token_type", List.of(3, 3, 1, 1, 1, 1))
        .texts("tokenizer.ggml.merges", List.of("a b"))
        .integer("tokenizer.ggml.bos_token_id", 0)
        .integer("tokenizer.ggml.eos_token_id", 1)
        .flag("tokenizer.ggml.add_bos_token", true);
  }

  /** from, from + 1, … */
  static float[] count(int values, int from) {
    float[] counted = new float[values];
    for (int i = 0; i < values; i++) {
      counted[i] = from + i;
    }
    return counted;
  }
}

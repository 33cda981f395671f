package ai.icon.decoder;

import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a decoder in the order in which {@link DecoderProgram} reads them: embedding,
 * block after block, last norm, output projection.
 */
public final class DecoderWeights {
  private DecoderWeights() {}

  /** All tensors, by the names that Hugging Face's Llama classes give them. */
  public static List<DecoderWeight> of(DecoderSpec spec) {
    List<DecoderWeight> weights = new ArrayList<>();
    weights.add(DecoderWeight.of("model.embed_tokens.weight", spec.vocabulary(), spec.hidden()));
    for (int layer = 0; layer < spec.layers(); layer++) {
      addBlock(weights, spec, "model.layers." + layer + ".");
    }
    weights.add(DecoderWeight.of("model.norm.weight", spec.hidden()));
    if (!spec.tiedHead()) {
      weights.add(DecoderWeight.of("lm_head.weight", spec.vocabulary(), spec.hidden()));
    }
    return List.copyOf(weights);
  }

  /** How many tensors a block has. */
  static int perBlock(DecoderSpec spec) {
    return 9 + (spec.attention().bias() ? 4 : 0) + (spec.feedForwardBias() ? 3 : 0);
  }

  private static void addBlock(List<DecoderWeight> weights, DecoderSpec spec, String block) {
    DecoderSpec.Attention attention = spec.attention();
    long hidden = spec.hidden();
    long inner = spec.intermediate();
    long queries = (long) attention.heads() * attention.headDimension();
    long keys = (long) attention.keyValueHeads() * attention.headDimension();
    boolean bias = attention.bias();
    weights.add(DecoderWeight.of(block + "input_layernorm.weight", hidden));
    addLinear(weights, block + "self_attn.q_proj", queries, hidden, bias);
    addLinear(weights, block + "self_attn.k_proj", keys, hidden, bias);
    addLinear(weights, block + "self_attn.v_proj", keys, hidden, bias);
    addLinear(weights, block + "self_attn.o_proj", hidden, queries, bias);
    weights.add(DecoderWeight.of(block + "post_attention_layernorm.weight", hidden));
    addLinear(weights, block + "mlp.gate_proj", inner, hidden, spec.feedForwardBias());
    addLinear(weights, block + "mlp.up_proj", inner, hidden, spec.feedForwardBias());
    addLinear(weights, block + "mlp.down_proj", hidden, inner, spec.feedForwardBias());
  }

  private static void addLinear(
      List<DecoderWeight> weights, String name, long out, long in, boolean bias) {
    weights.add(DecoderWeight.of(name + ".weight", out, in));
    if (bias) {
      weights.add(DecoderWeight.of(name + ".bias", out));
    }
  }
}

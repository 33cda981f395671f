package ai.icon.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a golden folder as the GGUF file that llama.cpp's convert_hf_to_gguf.py makes of it, in
 * float32: the way there, of which the reader goes the way back. Written from that script alone.
 */
public final class LlamaCppConverter {
  private final Checkpoint source;
  private final JsonNode config;
  private final String architecture;
  private final GgufWriter out = new GgufWriter();

  private LlamaCppConverter(Checkpoint source) {
    this.source = source;
    this.config = source.config();
    String type = config.path("model_type").textValue();
    this.architecture =
        switch (type) {
          case "mistral" -> "llama";
          case "gpt_neox" -> "gptneox";
          default -> type;
        };
  }

  /** Converts a folder; returns the file. */
  public static Path convert(Path folder, Path file) {
    return new LlamaCppConverter(Checkpoint.open(folder)).writer().write(file);
  }

  private GgufWriter writer() {
    out.text("general.architecture", architecture);
    if (architecture.equals("gpt2")) {
      sizes("n_positions", "n_embd", "n_layer", "n_head", "n_head");
      out.integer("gpt2.feed_forward_length", 4 * config.path("n_embd").longValue());
      out.number("gpt2.attention.layer_norm_epsilon", number("layer_norm_epsilon"));
    } else {
      rotary();
    }
    tokenizer();
    for (TensorInfo tensor : source.tensors()) {
      add(tensor);
    }
    extraTensors();
    return out;
  }

  private void rotary() {
    sizes(
        "max_position_embeddings",
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        config.has("num_key_value_heads") ? "num_key_value_heads" : "num_attention_heads");
    out.integer(key("feed_forward_length"), config.path("intermediate_size").longValue());
    long share = config.path("hidden_size").longValue() / heads();
    long head = config.path("head_dim").asLong(share);
    if (head != share || architecture.startsWith("gemma")) {
      out.integer(key("attention.key_length"), head).integer(key("attention.value_length"), head);
    }
    if (architecture.equals("gptneox")) {
      out.integer(key("rope.dimension_count"), (long) (number("rotary_pct") * share));
      out.number(key("attention.layer_norm_epsilon"), number("layer_norm_eps"));
      out.flag(key("use_parallel_residual"), config.path("use_parallel_residual").booleanValue());
      return;
    }
    out.number(key("attention.layer_norm_rms_epsilon"), number("rms_norm_eps"));
    if (!architecture.startsWith("gemma")) {
      out.integer(key("rope.dimension_count"), head);
      JsonNode parameters = config.path("rope_parameters").path("rope_theta");
      double theta = parameters.isNumber() ? parameters.doubleValue() : number("rope_theta");
      out.number(key("rope.freq_base"), theta);
    }
    if (architecture.equals("gemma2")) {
      out.number(key("attn_logit_softcapping"), number("attn_logit_softcapping"));
      out.number(key("final_logit_softcapping"), number("final_logit_softcapping"));
    }
    if (config.path("sliding_window").isNumber()) {
      out.integer(key("attention.sliding_window"), config.path("sliding_window").longValue());
    }
    if (architecture.equals("phi3")) {
      out.integer(
          key("rope.scaling.original_context_length"),
          config.path("original_max_position_embeddings").longValue());
    }
  }

  private void sizes(String context, String width, String blocks, String heads, String keyHeads) {
    out.integer(key("context_length"), config.path(context).longValue());
    out.integer(key("embedding_length"), config.path(width).longValue());
    out.integer(key("block_count"), config.path(blocks).longValue());
    out.integer(key("attention.head_count"), config.path(heads).longValue());
    out.integer(key("attention.head_count_kv"), config.path(keyHeads).longValue());
  }

  /** As make_gguf.py writes it: byte-level BPE cut as GPT-2 does. */
  private void tokenizer() {
    try {
      JsonNode json = new ObjectMapper().readTree(source.tokenizerJson());
      Map<Integer, String> names = new TreeMap<>();
      for (Map.Entry<String, JsonNode> token : json.path("model").path("vocab").properties()) {
        names.put(token.getValue().intValue(), token.getKey());
      }
      Map<Integer, String> special = new TreeMap<>();
      for (JsonNode token : json.path("added_tokens")) {
        special.put(token.path("id").intValue(), token.path("content").textValue());
      }
      names.putAll(special);
      List<String> tokens = new ArrayList<>();
      List<Integer> kinds = new ArrayList<>();
      for (int id = 0; id < config.path("vocab_size").intValue(); id++) {
        tokens.add(names.getOrDefault(id, "[PAD" + id + "]"));
        kinds.add(special.containsKey(id) ? 3 : names.containsKey(id) ? 1 : 5);
      }
      List<String> merges = new ArrayList<>();
      for (JsonNode merge : json.path("model").path("merges")) {
        merges.add(
            merge.isTextual()
                ? merge.textValue()
                : merge.get(0).textValue() + " " + merge.get(1).textValue());
      }
      out.text("tokenizer.ggml.model", "gpt2").text("tokenizer.ggml.pre", "gpt-2");
      out.texts("tokenizer.ggml.tokens", tokens).integers("tokenizer.ggml.token_type", kinds);
      out.texts("tokenizer.ggml.merges", merges);
      out.integer("tokenizer.ggml.bos_token_id", 0).integer("tokenizer.ggml.eos_token_id", 1);
      out.flag(
          "tokenizer.ggml.add_bos_token",
          JsonFile.object(source.folder().resolve("golden.json")).path("adds_bos").booleanValue());
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private void add(TensorInfo tensor) {
    String name = tensor.name();
    float[] values = floats(source, tensor);
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    boolean isLlama = architecture.equals("llama") || architecture.equals("smollm3");
    if (isLlama && name.contains("q_proj")) {
      values = permute(values, heads(), shape);
    } else if (isLlama && name.contains("k_proj")) {
      values = permute(values, config.path("num_key_value_heads").intValue(), shape);
    } else if (architecture.startsWith("gemma") && name.endsWith("norm.weight")) {
      for (int i = 0; i < values.length; i++) {
        values[i] += 1;
      }
    } else if (name.contains("query_key_value")) {
      values = apart(values, shape);
    } else if (architecture.equals("gpt2") && name.matches(".*(c_attn|c_proj|c_fc)\\.weight")) {
      values = transpose(values, (int) shape[0], (int) shape[1]);
      shape = new long[] {shape[1], shape[0]};
    }
    out.floats(ggufName(name), values, shape);
  }

  /** reshape(heads, 2, half, columns).swapaxes(1, 2). */
  private static float[] permute(float[] values, int heads, long[] shape) {
    int columns = shape.length == 1 ? 1 : (int) shape[1];
    int half = (int) shape[0] / heads / 2;
    float[] out = new float[values.length];
    int to = 0;
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < half; i++) {
        for (int two = 0; two < 2; two++) {
          int from = ((head * 2 + two) * half + i) * columns;
          System.arraycopy(values, from, out, to, columns);
          to += columns;
        }
      }
    }
    return out;
  }

  /** reshape(heads, 3, head, columns): all q, then all k, then all v. */
  private float[] apart(float[] values, long[] shape) {
    int columns = shape.length == 1 ? 1 : (int) shape[1];
    int part = (int) shape[0] / heads() / 3 * columns;
    float[] out = new float[values.length];
    int to = 0;
    for (int which = 0; which < 3; which++) {
      for (int head = 0; head < heads(); head++) {
        System.arraycopy(values, (head * 3 + which) * part, out, to, part);
        to += part;
      }
    }
    return out;
  }

  private static float[] transpose(float[] values, int rows, int columns) {
    float[] out = new float[values.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        out[j * rows + i] = values[i * columns + j];
      }
    }
    return out;
  }

  /** The factors of Llama 3's scaling stand in the place of its settings. */
  private void extraTensors() {
    JsonNode scaling = config.path("rope_scaling");
    if (!scaling.path("rope_type").asText().equals("llama3")) {
      return;
    }
    int dimensions = config.path("head_dim").intValue();
    float[] factors = new float[dimensions / 2];
    double factor = scaling.path("factor").doubleValue();
    double low = scaling.path("low_freq_factor").doubleValue();
    double high = scaling.path("high_freq_factor").doubleValue();
    double context = scaling.path("original_max_position_embeddings").doubleValue();
    for (int i = 0; i < factors.length; i++) {
      double wave = 2 * Math.PI * Math.pow(number("rope_theta"), 2.0 * i / dimensions);
      double smooth = (context / wave - low) / (high - low);
      factors[i] =
          wave < context / high
              ? 1
              : wave > context / low
                  ? (float) factor
                  : (float) (1 / ((1 - smooth) / factor + smooth));
    }
    out.floats("rope_freqs.weight", factors, factors.length);
  }

  private String ggufName(String name) {
    String renamed =
        name.replace("model.embed_tokens", "token_embd")
            .replace("gpt_neox.embed_in", "token_embd")
            .replace("transformer.wte", "token_embd")
            .replace("transformer.wpe", "position_embd")
            .replace("model.norm", "output_norm")
            .replace("gpt_neox.final_layer_norm", "output_norm")
            .replace("transformer.ln_f", "output_norm")
            .replace("lm_head", "output")
            .replace("embed_out", "output")
            .replaceFirst("^(model|gpt_neox)\\.layers\\.|^transformer\\.h\\.", "blk.");
    boolean isSandwich = architecture.equals("gemma2") || architecture.equals("olmo2");
    return renamed
        .replace("pre_feedforward_layernorm", "ffn_norm")
        .replace("post_feedforward_layernorm", "post_ffw_norm")
        .replace("post_attention_layernorm", isSandwich ? "post_attention_norm" : "ffn_norm")
        .replace("input_layernorm", "attn_norm")
        .replaceFirst("self_attn\\.([qkv])_(proj|norm)", "attn_$1$2")
        .replace("attn_qproj", "attn_q")
        .replace("attn_kproj", "attn_k")
        .replace("attn_vproj", "attn_v")
        .replace("attn_qnorm", "attn_q_norm")
        .replace("attn_knorm", "attn_k_norm")
        .replace("self_attn.o_proj", "attn_output")
        .replace("self_attn.qkv_proj", "attn_qkv")
        .replace("attention.query_key_value", "attn_qkv")
        .replace("attention.dense", "attn_output")
        .replace("attn.c_attn", "attn_qkv")
        .replace("attn.c_proj", "attn_output")
        .replace("mlp.gate_up_proj", "ffn_up")
        .replace("mlp.gate_proj", "ffn_gate")
        .replaceFirst("mlp\\.(up_proj|dense_h_to_4h|c_fc)", "ffn_up")
        .replaceFirst("mlp\\.(down_proj|dense_4h_to_h|c_proj)", "ffn_down")
        .replaceFirst("(blk\\.\\d+)\\.ln_1", "$1.attn_norm")
        .replaceFirst("(blk\\.\\d+)\\.ln_2", "$1.ffn_norm");
  }

  private int heads() {
    return config.path(config.has("n_head") ? "n_head" : "num_attention_heads").intValue();
  }

  private double number(String key) {
    return config.path(key).doubleValue();
  }

  private String key(String key) {
    return architecture + "." + key;
  }

  /** All values of a tensor, widened. */
  static float[] floats(Checkpoint checkpoint, TensorInfo tensor) {
    ByteBuffer bytes = checkpoint.map(tensor, 0, tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    byte[] raw = new byte[bytes.remaining()];
    bytes.get(raw);
    float[] values = new float[(int) tensor.elements()];
    GgufType type =
        switch (tensor.type()) {
          case FLOAT32 -> GgufType.F32;
          case FLOAT16 -> GgufType.F16;
          case BFLOAT16 -> GgufType.BF16;
        };
    GgufBlocks.read(type, raw, values.length, values);
    return values;
  }
}

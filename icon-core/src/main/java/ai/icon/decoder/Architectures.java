package ai.icon.decoder;

import ai.icon.error.UserError;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Reads a checkpoint's config.json into a {@link DecoderSpec}. Keys of Transformers 4 ({@code
 * rope_theta}, {@code rope_scaling}) and 5 ({@code rope_parameters}) are both understood.
 */
public final class Architectures {
  /** The values of {@code model_type} that are supported. */
  public static final List<String> SUPPORTED = List.of("llama");

  private Architectures() {}

  /**
   * The spec of a config.
   *
   * @param config a parsed config.json
   * @param where its path, for messages
   * @throws UserError if the family or one of its settings is not supported, or a key is missing or
   *     makes no sense
   */
  public static DecoderSpec spec(JsonNode config, String where) {
    String family = config.path("model_type").asText("");
    if (!SUPPORTED.contains(family)) {
      throw unsupported(
          where, "model_type " + (family.isEmpty() ? "(missing)" : "\"" + family + "\""));
    }
    if (config.hasNonNull("quantization_config")) {
      throw unsupported(where, "quantization_config (quantised weights)");
    }
    String activation = config.path("hidden_act").asText("silu");
    if (!activation.equals("silu")) {
      throw unsupported(where, "hidden_act \"" + activation + "\"");
    }
    try {
      return llama(config, where, family);
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "Cannot use " + where + ": " + e.getMessage(),
          "Compare config.json with the one that the model's authors published.",
          e);
    }
  }

  private static DecoderSpec llama(JsonNode config, String where, String family) {
    int hidden = integer(config, "hidden_size", where);
    int heads = integer(config, "num_attention_heads", where);
    int keyValueHeads = integer(config, "num_key_value_heads", heads, where);
    int headDimension = integer(config, "head_dim", hidden / Math.max(1, heads), where);
    DecoderSpec.Attention attention =
        new DecoderSpec.Attention(
            heads,
            keyValueHeads,
            headDimension,
            config.path("attention_bias").asBoolean(false),
            rotary(config, headDimension, where));
    return new DecoderSpec(
        family,
        integer(config, "vocab_size", where),
        hidden,
        integer(config, "num_hidden_layers", where),
        attention,
        integer(config, "intermediate_size", where),
        config.path("mlp_bias").asBoolean(false),
        config.path("rms_norm_eps").asDouble(1e-6),
        config.path("tie_word_embeddings").asBoolean(false),
        integer(config, "max_position_embeddings", 2048, where));
  }

  private static Rotary rotary(JsonNode config, int headDimension, String where) {
    JsonNode rope = config.path("rope_parameters");
    if (!rope.isObject()) {
      rope = config.path("rope_scaling");
    }
    double theta = rope.path("rope_theta").asDouble(config.path("rope_theta").asDouble(10_000.0));
    // Older configs write "type" for "rope_type".
    String type = rope.path("rope_type").asText(rope.path("type").asText("default"));
    RotaryScaling scaling =
        switch (type) {
          case "default" -> new RotaryScaling.None();
          case "linear" -> new RotaryScaling.Linear(number(rope, "factor", where));
          case "llama3" ->
              new RotaryScaling.Llama3(
                  number(rope, "factor", where),
                  number(rope, "low_freq_factor", where),
                  number(rope, "high_freq_factor", where),
                  number(rope, "original_max_position_embeddings", where));
          default -> throw unsupported(where, "rope_type \"" + type + "\"");
        };
    return new Rotary(theta, headDimension, scaling);
  }

  private static int integer(JsonNode config, String key, String where) {
    if (!config.path(key).canConvertToInt() || !config.path(key).isIntegralNumber()) {
      throw missing(config, key, "a whole number", where);
    }
    return config.path(key).intValue();
  }

  private static int integer(JsonNode config, String key, int otherwise, String where) {
    return config.hasNonNull(key) ? integer(config, key, where) : otherwise;
  }

  private static double number(JsonNode node, String key, String where) {
    if (!node.path(key).isNumber()) {
      throw missing(node, key, "a number", where);
    }
    return node.path(key).doubleValue();
  }

  private static UserError missing(JsonNode node, String key, String kind, String where) {
    String found = node.has(key) ? "got " + node.path(key) : "the key is missing";
    return new UserError(
        "Cannot use " + where + ": " + key + " must be " + kind + ", " + found + ".",
        "Compare config.json with the one that the model's authors published.");
  }

  private static UserError unsupported(String where, String what) {
    return new UserError(
        "Cannot use " + where + ": " + what + " is not supported.",
        "Supported: model_type "
            + String.join(", ", SUPPORTED)
            + " (Llama 1 to 3.x, SmolLM2, TinyLlama) with hidden_act silu, rope_type default,"
            + " linear or llama3, weights in float32, float16 or bfloat16.");
  }
}

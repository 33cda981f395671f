package ai.icon.decoder;

import ai.icon.error.UserError;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads a checkpoint's config.json into a {@link DecoderSpec}. A family is a reader of its config
 * and, where its tensors have names of their own, a map of names; docs/architectures.md says how to
 * add one.
 */
public final class Architectures {
  private static final Map<String, Function<ConfigReader, DecoderSpec>> READERS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("llama", LlamaFamilies::llama),
              Map.entry("mistral", LlamaFamilies::mistral),
              Map.entry("qwen2", LlamaFamilies::qwen2),
              Map.entry("qwen3", LlamaFamilies::qwen3),
              Map.entry("smollm3", LlamaFamilies::smollm3),
              Map.entry("olmo2", LlamaFamilies::olmo2),
              Map.entry("phi3", LlamaFamilies::phi3),
              Map.entry("ministral", LlamaFamilies::ministral),
              Map.entry("granite", LlamaFamilies::granite),
              Map.entry("gemma", GemmaFamilies::gemma),
              Map.entry("gemma2", GemmaFamilies::gemma2),
              Map.entry("gemma3_text", GemmaFamilies::gemma3),
              Map.entry("stablelm", StableLmFamily::stablelm),
              Map.entry("mixtral", ExpertFamilies::mixtral),
              Map.entry("qwen3_moe", ExpertFamilies::qwen3Moe),
              Map.entry("gpt_neox", GptFamilies::neox),
              Map.entry("gpt2", GptFamilies::gpt2)));

  /** The values of {@code model_type} that are supported, in alphabetical order. */
  public static final List<String> SUPPORTED = List.copyOf(READERS.keySet());

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
    ConfigReader reader = new ConfigReader(config, where);
    String family = reader.text("model_type", "");
    Function<ConfigReader, DecoderSpec> spec = READERS.get(family);
    if (spec == null) {
      throw unsupported(
          where, "model_type " + (family.isEmpty() ? "(missing)" : "\"" + family + "\""));
    }
    if (reader.has("quantization_config")) {
      throw unsupported(where, "quantization_config (quantised weights)");
    }
    try {
      return spec.apply(reader);
    } catch (IllegalArgumentException e) {
      throw reader.senseless(e);
    }
  }

  static UserError unsupported(String where, String what) {
    return new UserError(
        "Cannot use " + where + ": " + what + " is not supported.",
        "Supported: model_type "
            + String.join(", ", SUPPORTED)
            + "; activations silu, gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, relu; rope_type"
            + " default, linear, dynamic, llama3, yarn, longrope; weights in float32, float16 or bfloat16.");
  }
}

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
  private static final Map<String, Function<ConfigReader, DecoderSpec>> READERS = readers();

  /** The values of {@code model_type} that are supported, in alphabetical order. */
  public static final List<String> SUPPORTED = List.copyOf(READERS.keySet());

  private Architectures() {}

  private static Map<String, Function<ConfigReader, DecoderSpec>> readers() {
    Map<String, Function<ConfigReader, DecoderSpec>> readers = new TreeMap<>();
    readers.put("gemma", GemmaFamilies::gemma);
    readers.put("gemma2", GemmaFamilies::gemma2);
    readers.put("gemma3", GemmaFamilies::gemma3);
    readers.put("gemma3_text", GemmaFamilies::gemma3Text);
    readers.put("gpt2", GptFamilies::gpt2);
    readers.put("gpt_neox", GptFamilies::neox);
    readers.put("granite", LlamaFamilies::granite);
    readers.put("llama", LlamaFamilies::llama);
    readers.put("ministral", LlamaFamilies::mistral);
    readers.put("mistral", LlamaFamilies::mistral);
    readers.put("mixtral", ExpertFamilies::mixtral);
    readers.put("olmo2", LlamaFamilies::olmo2);
    readers.put("phi3", LlamaFamilies::phi3);
    readers.put("qwen2", LlamaFamilies::qwen2);
    readers.put("qwen3", LlamaFamilies::qwen3);
    readers.put("qwen3_moe", ExpertFamilies::qwen3Moe);
    readers.put("smollm3", LlamaFamilies::smollm3);
    readers.put("stablelm", StableLmFamily::stablelm);
    return readers;
  }

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
            + " default, linear, dynamic, llama3, yarn, longrope; weights in float32, float16 or"
            + " bfloat16.");
  }
}

package ai.icon.checkpoint;

import ai.icon.error.UserError;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What quantization_config of config.json says of stored weights, as far as it is read: 8-bit
 * floats with a scale for each tensor, row or block. Every other method is refused by its name.
 *
 * @param blockRows rows that share a scale in a tensor that is scaled in blocks; 0 for no blocks
 * @param blockColumns columns that share it; 0 for no blocks
 */
record Quantization(int blockRows, int blockColumns) {
  static final String KEY = "quantization_config";

  /** fp8: Transformers, DeepSeek, Qwen, vLLM. fbgemm_fp8: a scale for each row. */
  private static final Set<String> PLAIN = Set.of("fp8", "fbgemm_fp8");

  private static final String COMPRESSED = "compressed-tensors";
  private static final Set<String> STRATEGIES = Set.of("tensor", "channel", "block");

  Quantization {
    if (blockRows < 0 || blockColumns < 0 || (blockRows == 0) != (blockColumns == 0)) {
      throw new IllegalArgumentException(
          "Invalid block of scales: both sizes must be positive, or both 0, got "
              + blockRows
              + " x "
              + blockColumns);
    }
  }

  /**
   * Reads the key.
   *
   * @param config config.json
   * @param file its path, for messages
   * @return empty where the weights are not quantised
   * @throws UserError if they are, in a way that is not read
   */
  static Optional<Quantization> of(JsonNode config, Path file) {
    if (config.hasNonNull("compression_config")) {
      throw refused(file, "compression_config (an early form of compressed-tensors)");
    }
    if (!config.hasNonNull(KEY)) {
      return Optional.empty();
    }
    JsonNode node = config.path(KEY);
    String method = node.path("quant_method").asText("");
    if (PLAIN.contains(method)) {
      return Optional.of(plain(node, method, file));
    }
    if (method.equals(COMPRESSED)) {
      return Optional.of(compressed(node, file));
    }
    throw refused(
        file, method.isEmpty() ? "without quant_method" : "quant_method \"" + method + "\"");
  }

  /** The config of the same weights when they have been read up. */
  static JsonNode asRead(JsonNode config) {
    return config instanceof ObjectNode object && object.has(KEY)
        ? object.deepCopy().without(KEY)
        : config;
  }

  private static Quantization plain(JsonNode node, String method, Path file) {
    String kind = node.path("fmt").asText("e4m3");
    if (!kind.equals("e4m3")) {
      throw refused(file, "quant_method \"" + method + "\" with fmt \"" + kind + "\"");
    }
    return blocks(node.path("weight_block_size"), file);
  }

  private static Quantization compressed(JsonNode node, Path file) {
    String format = node.path("format").asText("");
    if (!format.equals("float-quantized")) {
      throw refused(file, COMPRESSED + " with format \"" + format + "\"");
    }
    String sparsity = node.path("sparsity_config").path("format").asText("dense");
    if (!sparsity.equals("dense")) {
      throw refused(file, COMPRESSED + " with sparse weights, format \"" + sparsity + "\"");
    }
    if (!node.path("transform_config").path("config_groups").isEmpty()) {
      throw refused(file, COMPRESSED + " with a transform_config");
    }
    Quantization found = new Quantization(0, 0);
    for (JsonNode group : node.path("config_groups")) {
      Quantization next = group(group.path("weights"), file);
      if (next.isInBlocks() && found.isInBlocks() && !next.equals(found)) {
        throw refused(file, COMPRESSED + " with blocks of several sizes");
      }
      found = next.isInBlocks() ? next : found;
    }
    return found;
  }

  private static Quantization group(JsonNode weights, Path file) {
    String strategy = weights.path("strategy").asText("tensor");
    boolean isFloat8 =
        weights.path("type").asText("").equals("float") && weights.path("num_bits").asInt() == 8;
    if (!isFloat8 || !STRATEGIES.contains(strategy)) {
      throw refused(
          file,
          "%s with weights of type %s, %s bits, strategy %s"
              .formatted(COMPRESSED, weights.path("type"), weights.path("num_bits"), strategy));
    }
    return strategy.equals("block")
        ? blocks(weights.path("block_structure"), file)
        : new Quantization(0, 0);
  }

  private static Quantization blocks(JsonNode sizes, Path file) {
    if (sizes.isMissingNode() || sizes.isNull()) {
      return new Quantization(0, 0);
    }
    boolean isPair = sizes.isArray() && sizes.size() == 2;
    if (!isPair || sizes.path(0).asInt() < 1 || sizes.path(1).asInt() < 1) {
      throw new UserError(
          "Cannot use %s: the block of a scale must be two whole numbers from 1, [rows, columns],"
                  .formatted(file)
              + " got "
              + sizes,
          "Compare config.json with the one that the model's authors published.");
    }
    return new Quantization(sizes.path(0).intValue(), sizes.path(1).intValue());
  }

  /** Whether tensors may be scaled in blocks. */
  boolean isInBlocks() {
    return blockRows > 0;
  }

  private static UserError refused(Path file, String what) {
    return new UserError(
        "Cannot use %s: its weights are quantised by a method that is not read: %s %s"
            .formatted(file, KEY, what),
        "Read are 8-bit floats (quant_method fp8, fbgemm_fp8, or compressed-tensors with format"
            + " float-quantized). Use the checkpoint that this one was made from, in bfloat16 or"
            + " float16, or a GGUF file of it; its publisher's page names it as the base model.");
  }
}

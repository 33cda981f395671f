package ai.icon.checkpoint;

import ai.icon.error.UserError;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Optional;

/** Writes what a GGUF says of rotary embedding as the rope keys of a config.json. */
final class GgufRotary {
  private static final String LONG = "rope_factors_long.weight";
  private static final String SHORT = "rope_factors_short.weight";
  private static final String FREQUENCIES = "rope_freqs.weight";

  /** What Hugging Face's configurations take where they say nothing. */
  private static final double DEFAULT_THETA = 10_000;

  private final GgufFile file;
  private final GgufMetadata metadata;
  private final String prefix;

  GgufRotary(GgufFile file, String architecture) {
    this.file = file;
    this.metadata = file.metadata();
    this.prefix = architecture + ".rope.";
  }

  /** Base of the frequencies. */
  double theta() {
    return metadata.number(prefix + "freq_base").orElse(DEFAULT_THETA);
  }

  /**
   * Components of a head that are rotated.
   *
   * @param headDimension all of them
   * @throws UserError if it says more than there are, or an odd number
   */
  long dimensions(long headDimension) {
    long rotated = metadata.integer(prefix + "dimension_count").orElse(headDimension);
    if (rotated < 2 || rotated % 2 != 0 || rotated > headDimension) {
      throw Unreadable.weights(
          file.path(),
          "metadata %sdimension_count must be even, from 2 to the head's %d, got %d"
              .formatted(prefix, headDimension, rotated));
    }
    return rotated;
  }

  /**
   * The rope_scaling object; empty where frequencies are not scaled.
   *
   * @param dimensions components of a head that are rotated
   * @throws UserError if it is scaled in a way that has no name in a config.json
   */
  Optional<ObjectNode> scaling(long dimensions) {
    if (file.tensors().containsKey(LONG) || file.tensors().containsKey(SHORT)) {
      return Optional.of(longFactors(dimensions));
    }
    if (file.tensors().containsKey(FREQUENCIES)) {
      return Llama3Factors.scaling(theta(), factors(FREQUENCIES, dimensions), file.path());
    }
    String type = metadata.text(prefix + "scaling.type").orElse("").toLowerCase(Locale.ROOT);
    double factor = metadata.number(prefix + "scaling.factor").orElse(1);
    return switch (type) {
      case "none" -> Optional.empty();
      case "", "linear" ->
          factor == 0 || factor == 1 ? oldLinear() : Optional.of(scaled("linear", factor));
      case "yarn" -> Optional.of(yarn(factor));
      default ->
          throw new UserError(
              "Cannot use %s: its %sscaling.type is \"%s\" without the factors of it"
                  .formatted(file.path(), prefix, type),
              "Use the Hugging Face folder that the file was made from.");
    };
  }

  /** The key of GGUF files before scaling.type: positions are divided by it. */
  private Optional<ObjectNode> oldLinear() {
    double factor = metadata.number(prefix + "scale_linear").orElse(1);
    return factor == 0 || factor == 1 ? Optional.empty() : Optional.of(scaled("linear", factor));
  }

  private ObjectNode yarn(double factor) {
    ObjectNode yarn = scaled("yarn", factor);
    metadata
        .integer(prefix + "scaling.original_context_length")
        .ifPresent(tokens -> yarn.put("original_max_position_embeddings", tokens));
    return yarn;
  }

  private ObjectNode longFactors(long dimensions) {
    ObjectNode longrope = JsonNodeFactory.instance.objectNode();
    // Both names: Transformers reads either, by its version.
    longrope.put("type", "longrope").put("rope_type", "longrope");
    addAll(longrope.putArray("short_factor"), factors(SHORT, dimensions));
    addAll(longrope.putArray("long_factor"), factors(LONG, dimensions));
    return longrope;
  }

  private static void addAll(ArrayNode array, float[] factors) {
    for (float factor : factors) {
      array.add(Double.parseDouble(Float.toString(factor)));
    }
  }

  private static ObjectNode scaled(String type, double factor) {
    return JsonNodeFactory.instance.objectNode().put("rope_type", type).put("factor", factor);
  }

  private float[] factors(String name, long dimensions) {
    GgufTensor tensor = file.tensors().get(name);
    if (tensor == null
        || tensor.type() != GgufType.F32
        || tensor.shape().size() != 1
        || tensor.columns() != dimensions / 2) {
      throw Unreadable.weights(
          file.path(),
          "tensor '%s' must hold %d factors in F32, got %s"
              .formatted(
                  name,
                  dimensions / 2,
                  tensor == null ? "none" : tensor.type() + " of shape " + tensor.shape()));
    }
    float[] factors = new float[(int) tensor.columns()];
    file.map(tensor, tensor.offset(), tensor.bytes())
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(factors);
    return factors;
  }
}

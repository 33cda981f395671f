package ai.icon.decoder;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A TorchScript program from ids and mask to logits, of which nothing else is known.
 *
 * @param family the model_type of the config beside it; empty if it names none
 * @param vocabulary ids that it takes, and logits that it gives for each
 * @param contextLength most tokens of a sequence
 * @param bytes of its file, weights included
 */
public record ProgramOutline(String family, int vocabulary, int contextLength, long bytes)
    implements ModelOutline {

  /** Checks both sizes. */
  public ProgramOutline {
    requireNonNull(family, "family");
    Bounds.require("vocab_size", vocabulary, Bounds.WIDTH);
    Bounds.require("max_position_embeddings", contextLength, Bounds.WIDTH);
  }

  /**
   * Reads the two sizes that a program does not tell.
   *
   * @param config the config.json beside it, parsed
   * @param where its path, for messages
   * @param bytes of the program's file
   * @throws ai.icon.error.UserError if vocab_size or max_position_embeddings is missing or makes no
   *     sense
   */
  public static ProgramOutline of(JsonNode config, String where, long bytes) {
    ConfigReader reader = new ConfigReader(config, where);
    String family = reader.text("model_type", "");
    int vocabulary = reader.integer("vocab_size");
    int contextLength = reader.integer("max_position_embeddings");
    try {
      return new ProgramOutline(family, vocabulary, contextLength, bytes);
    } catch (IllegalArgumentException e) {
      throw reader.senseless(e);
    }
  }

  /** No: a program gives logits alone. */
  @Override
  public boolean embeds() {
    return false;
  }
}

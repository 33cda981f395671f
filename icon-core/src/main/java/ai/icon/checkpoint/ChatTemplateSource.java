package ai.icon.checkpoint;

import ai.icon.error.UserError;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the chat template of a checkpoint where Transformers looks for it. */
final class ChatTemplateSource {
  private static final String FILE = "chat_template.jinja";
  private static final String KEY = "chat_template";

  private ChatTemplateSource() {}

  /**
   * The text of chat_template.jinja, else of tokenizer_config.json: one template, or of several
   * named ones the one called "default".
   *
   * @throws UserError if the file is no UTF-8 or the key holds neither text nor list
   */
  static Optional<String> read(Path folder, JsonNode tokenizerConfig) {
    if (CheckpointPath.hasFile(folder, FILE)) {
      return Optional.of(text(folder.resolve(FILE)));
    }
    JsonNode template = tokenizerConfig.path(KEY);
    if (template.isMissingNode() || template.isNull()) {
      return Optional.empty();
    }
    if (template.isTextual()) {
      return Optional.of(template.textValue());
    }
    if (!template.isArray()) {
      throw new UserError(
          "Cannot read chat_template of %s: it must be text or a list, got %s"
              .formatted(folder.resolve(Checkpoint.TOKENIZER_CONFIG), template.getNodeType()),
          "Mend the file or download it again.");
    }
    for (JsonNode named : template) {
      if (named.path("name").asText().equals("default") && named.path("template").isTextual()) {
        return Optional.of(named.path("template").textValue());
      }
    }
    return Optional.empty();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw Unreadable.file(file, e);
    }
  }
}

package ai.icon.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a checkpoint says beside its weights, of whatever format.
 *
 * @param configSource where the config comes from, for messages
 * @param config an object, as in a config.json
 * @param tokenizerSource where the tokenizer comes from, for messages
 * @param tokenizer the text of a tokenizer.json, made at each call
 * @param tokenizerConfig an object, as in a tokenizer_config.json
 * @param chatTemplate Jinja
 */
record CheckpointTexts(
    String configSource,
    JsonNode config,
    String tokenizerSource,
    Supplier<String> tokenizer,
    JsonNode tokenizerConfig,
    Optional<String> chatTemplate) {}

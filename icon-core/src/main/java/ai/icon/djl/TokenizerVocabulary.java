package ai.icon.djl;

import ai.icon.error.UserError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tokens and ids of a tokenizer.json, checked before native code sees it: that code takes some
 * of them on trust and would end the JVM where they are wrong.
 */
final class TokenizerVocabulary {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> MODELS = Set.of("BPE", "Unigram", "WordLevel", "WordPiece");
  private static final String CURE =
      "Copy the file again from the place where the model was published.";

  private final String where;
  private final JsonNode root;
  private final Map<Integer, String> base = new TreeMap<>();
  private final Map<Integer, JsonNode> added = new TreeMap<>();

  private TokenizerVocabulary(String where, JsonNode root) {
    this.where = where;
    this.root = root;
  }

  /**
   * Reads and checks.
   *
   * @param where what the text comes from, for messages
   * @param json the text of a tokenizer.json
   * @throws UserError if it is no such text, two tokens share an id, or its template names a token
   *     that is not there
   */
  static TokenizerVocabulary of(String where, String json) {
    try {
      TokenizerVocabulary vocabulary = new TokenizerVocabulary(where, MAPPER.readTree(json));
      vocabulary.readModel();
      vocabulary.readAdded();
      vocabulary.checkProcessor(vocabulary.root.path("post_processor"));
      return vocabulary;
    } catch (JsonProcessingException e) {
      throw new UserError(
          "Cannot read the tokenizer %s: malformed JSON: %s"
              .formatted(where, e.getOriginalMessage()),
          CURE,
          e);
    }
  }

  /** The whole tokenizer.json; not to be changed. */
  JsonNode root() {
    return root;
  }

  private void readModel() {
    JsonNode model = root.path("model");
    String type = model.path("type").asText("BPE"); // the oldest files name none
    if (!model.isObject() || !MODELS.contains(type)) {
      throw refused(
          "model must be an object of a type among %s, got %s"
              .formatted(MODELS.stream().sorted().toList(), model.isObject() ? type : "none"));
    }
    JsonNode tokens = model.path("vocab");
    if (tokens.isEmpty() || (!tokens.isObject() && !tokens.isArray())) {
      throw refused("model.vocab must hold tokens, got " + kind(tokens));
    }
    if (tokens.isArray()) { // Unigram: [token, score], the id is the place
      for (JsonNode token : tokens) {
        base.put(base.size(), token.path(0).asText());
      }
      return;
    }
    for (Map.Entry<String, JsonNode> token : tokens.properties()) {
      String other = base.put(id(token.getKey(), token.getValue()), token.getKey());
      if (other != null) {
        throw refused(
            "tokens \"%s\" and \"%s\" have the same id %s"
                .formatted(other, token.getKey(), token.getValue()));
      }
    }
  }

  private void readAdded() {
    for (JsonNode token : root.path("added_tokens")) {
      String content = token.path("content").asText("");
      if (content.isEmpty()) {
        throw refused("an added token must have a content, got " + token);
      }
      int id = id(content, token.path("id"));
      String other = base.getOrDefault(id, content);
      JsonNode before = added.put(id, token);
      if (before != null) {
        other = before.path("content").asText();
      }
      if (!other.equals(content)) {
        throw refused("tokens \"%s\" and \"%s\" have the same id %d".formatted(other, content, id));
      }
    }
  }

  private int id(String token, JsonNode id) {
    if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
      throw refused(
          "the id of token \"%s\" must be a whole number from 0 to 2^31-1, got %s"
              .formatted(token, id.isMissingNode() ? "none" : id));
    }
    return id.intValue();
  }

  /** The native template looks its special tokens up without asking whether they are there. */
  private void checkProcessor(JsonNode processor) {
    processor.path("processors").forEach(this::checkProcessor);
    if (!processor.path("type").asText().equals("TemplateProcessing")) {
      return;
    }
    for (JsonNode piece : processor.path("single")) {
      if (piece.path("Sequence").path("id").asText("A").equals("B")) {
        throw refused("post_processor: the template of one text must not use sequence B");
      }
      checkSpecial(piece, processor.path("special_tokens"));
    }
    for (JsonNode piece : processor.path("pair")) {
      checkSpecial(piece, processor.path("special_tokens"));
    }
  }

  private void checkSpecial(JsonNode piece, JsonNode specials) {
    JsonNode named = piece.path("SpecialToken").path("id");
    if (named.isMissingNode()) {
      return;
    }
    JsonNode special = specials.path(named.asText());
    if (special.path("ids").isEmpty()) {
      throw refused(
          "post_processor: its template names \"%s\", which its special_tokens lack"
              .formatted(named.asText()));
    }
    for (JsonNode id : special.path("ids")) {
      id(named.asText(), id);
    }
  }

  /** One more than the largest id. */
  int size() {
    int largest = -1;
    for (int id : base.keySet()) {
      largest = Math.max(largest, id);
    }
    for (int id : added.keySet()) {
      largest = Math.max(largest, id);
    }
    return largest + 1;
  }

  /** The added tokens by id. */
  Map<Integer, String> added() {
    Map<Integer, String> contents = new TreeMap<>();
    added.forEach((id, token) -> contents.put(id, token.path("content").asText()));
    return contents;
  }

  /**
   * The tokenizer for a model with so many rows in its embedding. Special tokens beyond them that
   * nothing uses are left out, so that a text in which one stands is text: some checkpoints carry
   * the placeholder of an image, or a padding, that their model has no row for.
   *
   * @param json what {@link #of} read
   * @param rows of the embedding
   * @param config where they are written, for messages
   * @param used texts that may name tokens that are needed: the chat template, the settings
   * @return the text itself where every id has a row
   * @throws UserError if any other token has no row
   */
  String fitted(String json, int rows, String config, List<String> used) {
    for (Map.Entry<Integer, String> token : base.entrySet()) {
      if (token.getKey() >= rows) {
        throw tooFewRows(rows, config, token.getValue(), token.getKey());
      }
    }
    List<Integer> unused = new ArrayList<>();
    for (Map.Entry<Integer, JsonNode> token : added.entrySet()) {
      if (token.getKey() < rows) {
        continue;
      }
      String content = token.getValue().path("content").asText();
      boolean isSpecial = token.getValue().path("special").asBoolean();
      if (!isSpecial || used.stream().anyMatch(text -> text.contains(content))) {
        throw tooFewRows(rows, config, content, token.getKey());
      }
      unused.add(token.getKey());
    }
    return unused.isEmpty() ? json : without(unused);
  }

  private String without(List<Integer> ids) {
    ObjectNode copy = root.deepCopy();
    ArrayNode kept = copy.putArray("added_tokens");
    for (JsonNode token : root.path("added_tokens")) {
      if (!ids.contains(token.path("id").intValue())) {
        kept.add(token);
      }
    }
    return copy.toString();
  }

  private UserError tooFewRows(int rows, String config, String token, int id) {
    return new UserError(
        "Cannot use the tokenizer %s: token \"%s\" has id %d, but the model of %s has %d rows,"
                .formatted(where, token, id, config, rows)
            + " ids 0 to "
            + (rows - 1),
        "Take tokenizer, config.json and weights from the same download; where tokens were added,"
            + " the embedding must have been resized with them.");
  }

  private UserError refused(String why) {
    return new UserError("Cannot read the tokenizer " + where + ": " + why, CURE);
  }

  private static String kind(JsonNode node) {
    return node.isContainerNode() ? "nothing" : node.getNodeType().toString();
  }
}

package ai.icon.sample;

import static ai.icon.sample.RejectReason.MISSING_FIELD;
import static ai.icon.sample.RejectReason.WRONG_TYPE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The fields of one row under their canonical names; null counts as absent. */
final class RowFields {
  /** What fields are called besides, in the order of preference. */
  private static final Map<String, List<String>> ALIASES =
      Map.of(
          "input", List.of("context"),
          "output", List.of("response"),
          "completion", List.of("response"));

  private static final int MAX_KEYS = 20;

  private final ObjectNode row;
  private final ColumnMapping mapping;

  RowFields(ObjectNode row, ColumnMapping mapping) {
    this.row = row;
    this.mapping = mapping;
  }

  boolean has(String name) {
    return find(name).isPresent();
  }

  boolean maps(String name) {
    return mapping.maps(name);
  }

  String column(String name) {
    return mapping.actual(name);
  }

  Optional<JsonNode> find(String name) {
    Stream<String> names = Stream.of(mapping.actual(name));
    if (!mapping.maps(name)) {
      names = Stream.concat(names, ALIASES.getOrDefault(name, List.of()).stream());
    }
    return names.map(row::get).filter(node -> node != null && !node.isNull()).findFirst();
  }

  JsonNode field(String name) throws UnusableRow {
    Optional<JsonNode> field = find(name);
    if (field.isEmpty()) {
      throw new UnusableRow(
          MISSING_FIELD, "Cannot use row: no " + column(name) + " among its keys " + keys());
    }
    return field.get();
  }

  String text(String name) throws UnusableRow {
    return text(column(name), field(name));
  }

  String textOrEmpty(String name) throws UnusableRow {
    return has(name) ? text(name) : "";
  }

  /** A text or a number as text: what names a row or its group. */
  Optional<String> label(String name) throws UnusableRow {
    Optional<JsonNode> field = find(name);
    if (field.isEmpty()) {
      return Optional.empty();
    }
    if (field.get().isNumber()) {
      return Optional.of(field.get().asText());
    }
    return Optional.of(text(column(name), field.get())).filter(label -> !Texts.blank(label));
  }

  /** The row's keys as messages write them, at most {@value #MAX_KEYS}. */
  String keys() {
    List<String> keys = row.properties().stream().map(Map.Entry::getKey).limit(MAX_KEYS).toList();
    return keys + (row.size() > MAX_KEYS ? " and " + (row.size() - MAX_KEYS) + " more" : "");
  }

  static String text(String name, JsonNode node) throws UnusableRow {
    if (!node.isTextual()) {
      throw new UnusableRow(
          WRONG_TYPE, "Cannot use row: " + name + " must be a string, got " + Texts.article(node));
    }
    Texts.check(name, node.textValue());
    return node.textValue();
  }
}

package ai.icon.decoder;

import ai.icon.error.UserError;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Typed access to a config.json: what is missing or of a wrong kind is refused by its key. */
final class ConfigReader {
  private static final String COMPARE =
      "Compare config.json with the one that the model's authors published.";

  private final JsonNode config;
  private final String where;

  ConfigReader(JsonNode config, String where) {
    this.config = config;
    this.where = where;
  }

  /** An object inside, read the same way; empty where there is none. */
  ConfigReader inner(String key) {
    if (has(key) && !config.path(key).isObject()) {
      throw wrong(key, "an object");
    }
    return new ConfigReader(config.path(key), where);
  }

  /** The same config with usual numbers where it names none. */
  ConfigReader over(Map<String, Integer> usual) {
    ObjectNode filled = new ObjectNode(JsonNodeFactory.instance);
    usual.forEach((key, value) -> filled.put(key, value));
    config.fields().forEachRemaining(entry -> filled.set(entry.getKey(), entry.getValue()));
    return new ConfigReader(filled, where);
  }

  boolean isObject() {
    return config.isObject();
  }

  /** Whether a key is there and not null. */
  boolean has(String key) {
    return config.hasNonNull(key);
  }

  /** Whether a key is there, null or not. */
  boolean names(String key) {
    return config.has(key);
  }

  int integer(String key) {
    JsonNode value = config.path(key);
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      throw wrong(key, "a whole number");
    }
    return value.intValue();
  }

  int integer(String key, int otherwise) {
    return has(key) ? integer(key) : otherwise;
  }

  double number(String key) {
    if (!config.path(key).isNumber()) {
      throw wrong(key, "a number");
    }
    return config.path(key).doubleValue();
  }

  double number(String key, double otherwise) {
    return has(key) ? number(key) : otherwise;
  }

  boolean flag(String key, boolean otherwise) {
    if (has(key) && !config.path(key).isBoolean()) {
      throw wrong(key, "true or false");
    }
    return config.path(key).asBoolean(otherwise);
  }

  String text(String key, String otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (!config.path(key).isTextual()) {
      throw wrong(key, "a text");
    }
    return config.path(key).textValue();
  }

  /** The first entries of a list, which must have as many. */
  List<JsonNode> list(String key, int entries) {
    JsonNode value = config.path(key);
    if (!value.isArray() || value.size() < entries) {
      throw wrong(key, "a list of " + entries + " entries");
    }
    List<JsonNode> list = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      list.add(value.get(i));
    }
    return list;
  }

  /** All whole numbers of a list; none where the key is missing or null. */
  List<Integer> integers(String key) {
    List<Integer> integers = new ArrayList<>();
    if (!has(key)) {
      return integers;
    }
    for (JsonNode entry : list(key, config.path(key).size())) {
      if (!entry.isIntegralNumber() || !entry.canConvertToInt()) {
        throw wrong(key, "a list of whole numbers");
      }
      integers.add(entry.intValue());
    }
    return integers;
  }

  /** A list of numbers of a certain length. */
  List<Double> numbers(String key, int entries) {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode entry : list(key, entries)) {
      if (!entry.isNumber()) {
        throw wrong(key, "a list of numbers");
      }
      numbers.add(entry.doubleValue());
    }
    if (config.path(key).size() != entries) {
      throw wrong(key, "a list of " + entries + " numbers");
    }
    return numbers;
  }

  private UserError wrong(String key, String kind) {
    String found = config.has(key) ? "got " + shortened(config.path(key)) : "the key is missing";
    return new UserError(
        "Cannot use " + where + ": " + key + " must be " + kind + ", " + found + ".", COMPARE);
  }

  private static String shortened(JsonNode value) {
    String text = value.toString();
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  /** What is thrown for a setting that no decoder of ours has. */
  UserError unsupported(String what) {
    return Architectures.unsupported(where, what);
  }

  /** What is thrown for settings that make no sense. */
  UserError senseless(IllegalArgumentException cause) {
    return new UserError("Cannot use " + where + ": " + cause.getMessage(), COMPARE, cause);
  }
}

package ai.icon.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What namespace() gives: the one value whose attributes can be set. */
final class Namespace implements Value {
  private final Map<String, Value> attributes;

  Namespace(Map<String, Value> attributes) {
    this.attributes = new LinkedHashMap<>(attributes);
  }

  void set(String name, Value value) {
    attributes.put(name, value);
  }

  @Override
  public String type() {
    return "Namespace";
  }

  /** Refused: a namespace may hold itself. */
  @Override
  public String repr() {
    throw new Failure("a namespace cannot be printed");
  }

  @Override
  public Optional<Value> attribute(String name) {
    return Optional.ofNullable(attributes.get(name));
  }
}

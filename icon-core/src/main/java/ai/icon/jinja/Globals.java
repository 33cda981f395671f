package ai.icon.jinja;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions that every template has: jinja2's and the two of Transformers. */
final class Globals {
  private Globals() {}

  static Optional<Value> find(String name, LocalDateTime now) {
    return switch (name) {
      case "range" -> Optional.of(Function.of(name, Globals::range));
      case "dict" -> Optional.of(Function.of(name, arguments -> dict(arguments)));
      case "namespace" ->
          Optional.of(Function.of(name, arguments -> new Namespace(attributes(arguments))));
      case "joiner" -> Optional.of(Function.of(name, Globals::joiner));
      case "raise_exception" -> Optional.of(Function.of(name, Globals::raise));
      case "strftime_now" ->
          Optional.of(
              Function.of(
                  name,
                  arguments ->
                      new Text(Times.format(now, arguments.bind(name, "format").requireText(0)))));
      case "cycler", "lipsum", "self" -> Optional.of(Function.unsupported(name));
      default -> Optional.empty();
    };
  }

  private static Value range(Arguments arguments) {
    Arguments.Bound bound =
        arguments.positional().size() < 2
            ? arguments.bind("range", "stop")
            : arguments.bind("range", "start", "stop", "step");
    if (!arguments.named().isEmpty()) {
      throw new Failure("range takes no named arguments");
    }
    bound.require(0);
    if (arguments.positional().size() < 2) {
      return new Span(0, bound.number(0, 0), 1);
    }
    return new Span(bound.number(0, 0), bound.number(1, 0), bound.number(2, 1));
  }

  private static Value raise(Arguments arguments) {
    throw new Failure(arguments.bind("raise_exception", "message").require(0).text(), true);
  }

  /** Gives nothing at its first call, the separator at every other. */
  private static Value joiner(Arguments arguments) {
    String separator = arguments.bind("joiner", "sep").text(0).orElse(", ");
    boolean[] used = {false};
    return Function.of(
        "joiner",
        given -> {
          given.none("joiner");
          boolean isFirst = !used[0];
          used[0] = true;
          return isFirst ? Text.EMPTY : new Text(separator);
        });
  }

  private static Mapping dict(Arguments arguments) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    if (arguments.positional().size() > 1) {
      throw new Failure("dict takes at most 1 argument");
    }
    for (Value given : arguments.positional()) {
      if (given instanceof Mapping mapping) {
        entries.putAll(mapping.entries());
      } else {
        given.iterator().forEachRemaining(pair -> put(entries, pair));
      }
    }
    arguments.named().forEach((name, value) -> entries.put(new Text(name), value));
    return new Mapping(entries);
  }

  private static void put(Map<Value, Value> entries, Value pair) {
    List<Value> members = Items.listOf(pair.iterator()).members();
    if (members.size() != 2) {
      throw new Failure("dict needs pairs, got " + members.size() + " members");
    }
    members.get(0).requireHashable();
    entries.put(members.get(0), members.get(1));
  }

  private static Map<String, Value> attributes(Arguments arguments) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    named(dict(arguments), attributes);
    return attributes;
  }

  /** Adds the entries of a dict whose keys are texts. */
  static void named(Value value, Map<String, Value> byName) {
    if (!(value instanceof Mapping mapping)) {
      throw new Failure("a dict is needed, got a value of type " + value.type());
    }
    mapping
        .entries()
        .forEach(
            (key, entry) -> {
              if (!(key instanceof Text name)) {
                throw new Failure("a name is needed as a key, got one of type " + key.type());
              }
              byName.put(name.text(), entry);
            });
  }

  static Mapping mapping(Map<String, Value> named) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    named.forEach((name, value) -> entries.put(new Text(name), value));
    return new Mapping(entries);
  }
}

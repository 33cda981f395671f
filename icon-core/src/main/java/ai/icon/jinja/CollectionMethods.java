package ai.icon.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The methods of lists, tuples and dicts; those that would change them are there and unsafe. */
final class CollectionMethods {
  private static final Set<String> CHANGING_LIST =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
  private static final Set<String> CHANGING_DICT =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private CollectionMethods() {}

  static Optional<Value> method(Items items, String name) {
    if (!items.isTuple() && CHANGING_LIST.contains(name)) {
      return Optional.of(unsafe(items, name));
    }
    return switch (name) {
      case "count" -> function(items, name, arguments -> count(items, arguments));
      case "index" -> function(items, name, arguments -> index(items, arguments));
      case "copy" -> items.isTuple() ? Optional.empty() : function(items, name, given -> items);
      default -> internal(items, name);
    };
  }

  static Optional<Value> method(Mapping mapping, String name) {
    if (CHANGING_DICT.contains(name)) {
      return Optional.of(unsafe(mapping, name));
    }
    return switch (name) {
      case "get" -> function(mapping, name, arguments -> get(mapping, arguments));
      case "items" -> function(mapping, name, arguments -> items(mapping, arguments));
      case "keys" -> function(mapping, name, arguments -> keys(mapping, arguments));
      case "values" -> function(mapping, name, arguments -> values(mapping, arguments));
      case "copy" -> function(mapping, name, given -> mapping);
      case "fromkeys" -> Optional.of(Function.unsupported("dict.fromkeys"));
      default -> internal(mapping, name);
    };
  }

  /** What Python has under names in double underscores is there and unsafe. */
  static Optional<Value> internal(Value value, String name) {
    return name.startsWith("__") && name.endsWith("__") && name.length() > 4
        ? Optional.of(unsafe(value, name))
        : Optional.empty();
  }

  private static Value unsafe(Value value, String name) {
    return new Undefined("access to attribute '" + name + "' of a " + value.type() + " is unsafe");
  }

  private static Optional<Value> function(
      Value value, String name, java.util.function.Function<Arguments, Value> body) {
    return Optional.of(new Function(value.type() + "." + name, value.weight(), body));
  }

  private static Value count(Items items, Arguments arguments) {
    Value counted = arguments.bind("count", "value").require(0);
    return Whole.of(items.members().stream().filter(counted::equals).count());
  }

  private static Value index(Items items, Arguments arguments) {
    int index = items.members().indexOf(arguments.bind("index", "value").require(0));
    if (index < 0) {
      throw new Failure("index: the value is not in the " + items.type());
    }
    return Whole.of(index);
  }

  private static Value get(Mapping mapping, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("get", "key", "default");
    bound.require(0).requireHashable();
    return mapping.item(bound.require(0)).orElse(bound.or(1, Nothing.NONE));
  }

  private static Value items(Mapping mapping, Arguments arguments) {
    arguments.none("items");
    List<Value> pairs = new ArrayList<>();
    mapping.entries().entrySet().forEach(entry -> pairs.add(Mapping.pair(entry)));
    return new View("dict_items", pairs);
  }

  private static Value keys(Mapping mapping, Arguments arguments) {
    arguments.none("keys");
    return new View("dict_keys", List.copyOf(mapping.entries().keySet()));
  }

  private static Value values(Mapping mapping, Arguments arguments) {
    arguments.none("values");
    return new View("dict_values", List.copyOf(mapping.entries().values()));
  }
}

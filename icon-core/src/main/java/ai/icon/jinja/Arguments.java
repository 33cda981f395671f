package ai.icon.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a function, method, filter or test is called with.
 *
 * @param positional in their order
 * @param named by keyword, in their order
 */
record Arguments(List<Value> positional, Map<String, Value> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  Arguments {
    positional = List.copyOf(positional);
    named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
  }

  static Arguments of(Value... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /**
   * The weight of the heaviest of those by name and the first of the others; 0 if there is none.
   */
  long heaviest() {
    return Stream.concat(positional.stream().limit(1), named.values().stream())
        .mapToLong(Value::weight)
        .max()
        .orElse(0);
  }

  /** Without the first {@code count} positional ones. */
  Arguments without(int count) {
    return new Arguments(positional.subList(count, positional.size()), named);
  }

  /** Holds the arguments against a signature, as a call of a Python function does. */
  Bound bind(String function, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new Failure(
          function
              + " takes at most "
              + parameters.length
              + " arguments, got "
              + positional.size());
    }
    List<Optional<Value>> values = new ArrayList<>();
    for (int i = 0; i < parameters.length; i++) {
      boolean isPositional = i < positional.size();
      if (isPositional && named.containsKey(parameters[i])) {
        throw new Failure(function + " got two values for " + parameters[i]);
      }
      values.add(
          isPositional
              ? Optional.of(positional.get(i))
              : Optional.ofNullable(named.get(parameters[i])));
    }
    for (String name : named.keySet()) {
      if (!List.of(parameters).contains(name)) {
        throw new Failure(function + " takes no argument " + name);
      }
    }
    return new Bound(function, List.of(parameters), values);
  }

  /** Checks that there are none. */
  void none(String function) {
    bind(function);
  }

  /** Arguments by place in a signature. */
  record Bound(String function, List<String> parameters, List<Optional<Value>> values) {
    Optional<Value> find(int index) {
      return values.get(index);
    }

    Value require(int index) {
      return find(index)
          .orElseThrow(
              () -> new Failure(function + " needs the argument " + parameters.get(index)));
    }

    Value or(int index, Value otherwise) {
      return find(index).orElse(otherwise);
    }

    boolean truth(int index) {
      return find(index).map(Value::truth).orElse(false);
    }

    /** An int, or the default where it is not given. */
    int number(int index, int otherwise) {
      return find(index).map(value -> number(index, value)).orElse(otherwise);
    }

    private int number(int index, Value value) {
      if (value instanceof Numeric number
          && number.isWhole()
          && number.whole().bitLength() < Integer.SIZE) {
        return number.whole().intValue();
      }
      throw new Failure(
          function
              + " needs an integer as "
              + parameters.get(index)
              + ", got one of type "
              + value.type());
    }

    /** A str; nothing where it is not given or None. */
    Optional<String> text(int index) {
      Value value = or(index, Nothing.NONE);
      if (value == Nothing.NONE) {
        return Optional.empty();
      }
      if (value instanceof Text text) {
        return Optional.of(text.text());
      }
      throw new Failure(
          function
              + " needs a text as "
              + parameters.get(index)
              + ", got one of type "
              + value.type());
    }

    String requireText(int index) {
      require(index);
      return text(index)
          .orElseThrow(() -> new Failure(function + " needs a text as " + parameters.get(index)));
    }
  }
}

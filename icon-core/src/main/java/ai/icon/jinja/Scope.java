package ai.icon.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A frame while it is rendered: the values of its names, and the frame around it. */
final class Scope {
  private final Rendering rendering;
  private final Optional<Scope> around;

  /** Nothing is the value of a name that is known and not set. */
  private final Map<String, Optional<Value>> values = new HashMap<>();

  private Scope(Rendering rendering, Optional<Scope> around) {
    this.rendering = rendering;
    this.around = around;
  }

  /** The outermost frame. */
  static Scope outermost(Rendering rendering, Body body) {
    Scope scope = new Scope(rendering, Optional.empty());
    scope.enter(body);
    return scope;
  }

  /** A frame within this one. */
  Scope inner(Body body) {
    Scope scope = inner();
    scope.enter(body);
    return scope;
  }

  /** A frame within this one for expressions alone. */
  Scope inner() {
    return new Scope(rendering, Optional.of(this));
  }

  private void enter(Body body) {
    rendering
        .frames()
        .loads(body)
        .forEach(
            (name, load) -> {
              switch (load) {
                case RESOLVE -> values.put(name, rendering.variable(name));
                case ALIAS -> values.put(name, around.flatMap(scope -> scope.find(name)));
                case UNDEFINED -> values.put(name, Optional.empty());
                case PARAMETER -> {
                  // Set by who enters.
                }
              }
            });
  }

  Rendering rendering() {
    return rendering;
  }

  void set(String name, Value value) {
    values.put(name, Optional.of(value));
  }

  /** Makes a name known that has no value yet. */
  void declare(String name) {
    values.put(name, Optional.empty());
  }

  /** Whether this very frame has a value for a name. */
  boolean isSet(String name) {
    return values.getOrDefault(name, Optional.empty()).isPresent();
  }

  /** The value of a name. */
  Value get(String name) {
    return find(name).orElseGet(() -> Undefined.name(name));
  }

  private Optional<Value> find(String name) {
    for (Scope scope = this; ; scope = scope.around.get()) {
      Optional<Value> value = scope.values.get(name);
      if (value != null) {
        return value;
      }
      if (scope.around.isEmpty()) {
        return rendering.variable(name);
      }
    }
  }

  Value evaluate(Expression expression) {
    rendering.enter();
    Value value = expression.evaluate(this);
    rendering.leave();
    return value;
  }
}

package ai.icon.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A macro as a value: sees the frame in which it was defined.
 *
 * @param parts what it is made of
 * @param defined the frame
 */
record Macro(MacroBody parts, Scope defined) implements Callable {
  @Override
  public String type() {
    return "Macro";
  }

  /** Binds as jinja2's Macro does (3.1, runtime.py): what is not given may have a default. */
  @Override
  public Value call(Arguments arguments) {
    Map<String, Value> named = new LinkedHashMap<>(arguments.named());
    List<MacroBody.Parameter> parameters = parts.parameters();
    int positional = Math.min(arguments.positional().size(), parameters.size());
    Scope scope = defined.inner(parts.body());
    parameters.forEach(parameter -> scope.declare(parameter.name()));
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i).name();
      Optional<Value> given =
          Optional.ofNullable(i < positional ? arguments.positional().get(i) : named.remove(name));
      given.ifPresent(value -> scope.set(name, value));
    }
    special(scope, arguments.without(positional).positional(), named);
    parameters.stream()
        .filter(parameter -> !scope.isSet(parameter.name()))
        .forEach(parameter -> scope.set(parameter.name(), otherwise(scope, parameter)));
    scope.rendering().enter();
    Value printed = new Text(parts.body().capture(scope));
    scope.rendering().leave();
    return printed;
  }

  private static Value otherwise(Scope scope, MacroBody.Parameter parameter) {
    return parameter
        .otherwise()
        .map(scope::evaluate)
        .orElseGet(() -> new Undefined("parameter '" + parameter.name() + "' was not provided"));
  }

  private void special(Scope scope, List<Value> rest, Map<String, Value> named) {
    if (parts.takes("caller")) {
      Value caller = named.remove("caller");
      scope.set("caller", caller == null ? new Undefined("no caller is defined") : caller);
    }
    if (parts.takes("kwargs")) {
      scope.set("kwargs", Globals.mapping(named));
    } else if (!named.isEmpty()) {
      throw new Failure(
          "macro " + parts.name() + " takes no argument " + named.keySet().iterator().next());
    }
    if (parts.takes("varargs")) {
      scope.set("varargs", Items.tuple(rest));
    } else if (!rest.isEmpty()) {
      throw new Failure(
          "macro " + parts.name() + " takes at most " + parts.parameters().size() + " arguments");
    }
  }
}

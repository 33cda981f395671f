package ai.icon.jinja;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a macro or call block is made of.
 *
 * @param name for messages
 * @param parameters in their order
 * @param body what it prints
 * @param reads the names that it reads anywhere within: of caller, kwargs and varargs those that it
 *     reads are given to it
 */
record MacroBody(String name, List<Parameter> parameters, Body body, Set<String> reads) {
  /**
   * A parameter.
   *
   * @param otherwise its value where it is not given
   */
  record Parameter(String name, Optional<Expression> otherwise) {}

  MacroBody {
    parameters = List.copyOf(parameters);
    reads = Set.copyOf(reads);
  }

  /** Whether it reads one of the three special names that is not a parameter of its own. */
  boolean takes(String special) {
    return reads.contains(special) && !hasParameter(special);
  }

  boolean hasParameter(String name) {
    return parameters.stream().anyMatch(parameter -> parameter.name().equals(name));
  }

  void frames(Symbols around, Frames frames) {
    frames.add(body, around, this::declare);
  }

  private void declare(Symbols symbols) {
    parameters.forEach(parameter -> symbols.parameter(parameter.name()));
    List.of("caller", "kwargs", "varargs").stream().filter(this::takes).forEach(symbols::parameter);
    parameters.forEach(parameter -> parameter.otherwise().ifPresent(symbols::load));
  }
}

package ai.icon.jinja;

/** What a template can call. */
sealed interface Callable extends Value permits Function, Macro {
  @Override
  Value call(Arguments arguments);

  @Override
  default String repr() {
    throw new Failure("a value of type " + type() + " cannot be printed; is a call missing?");
  }
}

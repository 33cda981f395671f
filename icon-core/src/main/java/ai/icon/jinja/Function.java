package ai.icon.jinja;

/**
 * A function, or a method of a value.
 *
 * @param name for messages
 * @param weight of the value that it is a method of
 * @param body what it does
 */
record Function(String name, long weight, java.util.function.Function<Arguments, Value> body)
    implements Callable {
  static Function of(String name, java.util.function.Function<Arguments, Value> body) {
    return new Function(name, 1, body);
  }

  /** Stands for a method that Python has and this package has not: fails when it is called. */
  static Function unsupported(String name) {
    return of(
        name,
        arguments -> {
          throw new Failure("the method " + name + " is not supported");
        });
  }

  @Override
  public String type() {
    return "method";
  }

  @Override
  public Value call(Arguments arguments) {
    return body.apply(arguments);
  }
}

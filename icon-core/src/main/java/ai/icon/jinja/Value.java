package ai.icon.jinja;

import java.util.Iterator;
import java.util.Optional;

/**
 * A value as Python has it. What a type cannot do fails as it does in Python: a method that is not
 * overridden here says what Python's TypeError says. Equality and hash are Python's: 1, 1.0 and
 * true are equal.
 */
sealed interface Value
    permits Callable,
        Items,
        Loop,
        Mapping,
        Namespace,
        Nothing,
        Numeric,
        Once,
        Span,
        Text,
        Undefined,
        View {
  /** Python's name of the type. */
  String type();

  /** repr(): what stands for the value within a list. */
  String repr();

  /** str(): what is printed. */
  default String text() {
    return repr();
  }

  /** bool(). */
  default boolean truth() {
    return true;
  }

  /** getattr(); nothing where there is no such attribute. */
  default Optional<Value> attribute(String name) {
    return Optional.empty();
  }

  /** value[key]; nothing where Python raises a TypeError or LookupError. */
  default Optional<Value> item(Value key) {
    return Optional.empty();
  }

  /** value[start:stop:step]. */
  default Value slice(Slice slice) {
    throw new Failure("a value of type " + type() + " cannot be sliced");
  }

  /** iter(). */
  default Iterator<Value> iterator() {
    throw new Failure("a value of type " + type() + " cannot be iterated");
  }

  /** Whether iter() works. */
  default boolean isIterable() {
    return false;
  }

  /** reversed(). */
  default Iterator<Value> reversed() {
    throw new Failure("a value of type " + type() + " cannot be reversed");
  }

  /** Whether len() works. */
  default boolean isSized() {
    return false;
  }

  /** len(). */
  default int size() {
    throw new Failure("a value of type " + type() + " has no length");
  }

  /** {@code member in value}. */
  default boolean contains(Value member) {
    for (Iterator<Value> members = iterator(); members.hasNext(); ) {
      if (members.next().equals(member)) {
        return true;
      }
    }
    return false;
  }

  /** value(…). */
  default Value call(Arguments arguments) {
    throw new Failure("a value of type " + type() + " cannot be called");
  }

  /** Whether the value can be a key. */
  default boolean isHashable() {
    return true;
  }

  /** Checks that the value can be a key. */
  default void requireHashable() {
    if (!isHashable()) {
      throw new Failure("a value of type " + type() + " cannot be a key");
    }
  }

  /** Characters and members, those of members included: bounds what one operation can cost. */
  default long weight() {
    return 1;
  }

  /** What making the value has cost, its members being there already. */
  default int cost() {
    return 1;
  }

  /** How deep lists lie within each other. */
  default int depth() {
    return 0;
  }
}

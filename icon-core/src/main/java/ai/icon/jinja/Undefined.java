package ai.icon.jinja;

import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;

/**
 * What a name or attribute that is not there stands for: printed as nothing, iterated as empty,
 * false; anything else that is done with it fails with its reason.
 *
 * @param reason such as "'x' is undefined"
 */
record Undefined(String reason) implements Value {
  static Undefined name(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  static Undefined member(Value owner, Value name) {
    return new Undefined(
        name instanceof Text attribute
            ? "a value of type " + owner.type() + " has no attribute '" + attribute.text() + "'"
            : "a value of type " + owner.type() + " has no element " + name.repr());
  }

  Failure failure() {
    return new Failure(reason);
  }

  @Override
  public String type() {
    return "Undefined";
  }

  @Override
  public String repr() {
    return "Undefined";
  }

  @Override
  public String text() {
    return "";
  }

  @Override
  public boolean truth() {
    return false;
  }

  @Override
  public Optional<Value> attribute(String name) {
    if (name.startsWith("__") && name.endsWith("__")) {
      return Optional.empty();
    }
    throw failure();
  }

  @Override
  public Optional<Value> item(Value key) {
    throw failure();
  }

  @Override
  public Value slice(Slice slice) {
    throw failure();
  }

  @Override
  public Value call(Arguments arguments) {
    throw failure();
  }

  @Override
  public boolean isIterable() {
    return true;
  }

  @Override
  public Iterator<Value> iterator() {
    return Collections.emptyIterator();
  }

  @Override
  public Iterator<Value> reversed() {
    return Collections.emptyIterator();
  }

  @Override
  public boolean isSized() {
    return true;
  }

  @Override
  public int size() {
    return 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return 0;
  }
}

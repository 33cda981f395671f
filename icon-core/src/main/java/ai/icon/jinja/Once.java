package ai.icon.jinja;

import java.util.Iterator;

/** An iterator, which most filters of sequences give: it can be run through once. */
record Once(Iterator<Value> iterator) implements Value {
  @Override
  public String type() {
    return "generator";
  }

  @Override
  public String repr() {
    throw new Failure("an iterator cannot be printed; a | list is missing");
  }

  @Override
  public boolean isIterable() {
    return true;
  }
}

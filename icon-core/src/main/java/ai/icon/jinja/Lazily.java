package ai.icon.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;

/** The members that a predicate takes, each asked for when the next one is wanted. */
final class Lazily implements Iterator<Value> {
  private final Iterator<Value> all;
  private final Predicate<Value> taken;
  private Optional<Value> next = Optional.empty();

  Lazily(Iterator<Value> all, Predicate<Value> taken) {
    this.all = all;
    this.taken = taken;
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty() && all.hasNext()) {
      next = Optional.of(all.next()).filter(taken);
    }
    return next.isPresent();
  }

  @Override
  public Value next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Value value = next.get();
    next = Optional.empty();
    return value;
  }
}

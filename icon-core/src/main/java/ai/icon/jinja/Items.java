package ai.icon.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A list or a tuple; never changed. */
final class Items implements Value {
  /** Deeper than any tool's schema. */
  static final int MAX_DEPTH = 100;

  private final boolean tuple;
  private final List<Value> members;
  private final long weight;
  private final int depth;

  private Items(boolean tuple, List<Value> members) {
    this.tuple = tuple;
    this.members = List.copyOf(members);
    this.weight = weight(members);
    this.depth = depth(members);
  }

  static Items list(List<? extends Value> members) {
    return new Items(false, List.copyOf(members));
  }

  static Items tuple(List<? extends Value> members) {
    return new Items(true, List.copyOf(members));
  }

  /** A list of all that is still to come. */
  static Items listOf(Iterator<Value> iterator) {
    List<Value> members = new ArrayList<>();
    iterator.forEachRemaining(members::add);
    return list(members);
  }

  /** The weight of members together, which must not explode by being shared. */
  static long weight(Iterable<? extends Value> members) {
    long weight = 1;
    for (Value member : members) {
      weight += member.weight();
    }
    if (weight > Text.MAX_LENGTH) {
      throw new Failure("a list or dict holds more than " + Text.MAX_LENGTH + " characters");
    }
    return weight;
  }

  /** One more than that of the deepest member. */
  static int depth(Iterable<? extends Value> members) {
    int depth = 0;
    for (Value member : members) {
      depth = Math.max(depth, member.depth());
    }
    if (depth >= MAX_DEPTH) {
      throw new Failure("lists or dicts lie more than " + MAX_DEPTH + " levels deep");
    }
    return depth + 1;
  }

  List<Value> members() {
    return members;
  }

  boolean isTuple() {
    return tuple;
  }

  @Override
  public String type() {
    return tuple ? "tuple" : "list";
  }

  @Override
  public String repr() {
    String inside = members.stream().map(Value::repr).collect(Collectors.joining(", "));
    if (!tuple) {
      return "[" + inside + "]";
    }
    return "(" + inside + (members.size() == 1 ? ",)" : ")");
  }

  @Override
  public boolean truth() {
    return !members.isEmpty();
  }

  @Override
  public Optional<Value> attribute(String name) {
    return CollectionMethods.method(this, name);
  }

  @Override
  public Optional<Value> item(Value key) {
    if (!(key instanceof Numeric number) || !number.isWhole()) {
      return Optional.empty();
    }
    return Slice.index(number, members.size()).map(members::get);
  }

  @Override
  public Value slice(Slice slice) {
    return new Items(tuple, slice.indices(members.size()).mapToObj(members::get).toList());
  }

  @Override
  public boolean isIterable() {
    return true;
  }

  @Override
  public Iterator<Value> iterator() {
    return members.iterator();
  }

  @Override
  public Iterator<Value> reversed() {
    List<Value> reversed = new ArrayList<>(members);
    Collections.reverse(reversed);
    return reversed.iterator();
  }

  @Override
  public boolean isSized() {
    return true;
  }

  @Override
  public int size() {
    return members.size();
  }

  @Override
  public boolean isHashable() {
    return tuple && members.stream().allMatch(Value::isHashable);
  }

  @Override
  public long weight() {
    return weight;
  }

  @Override
  public int cost() {
    return 1 + members.size();
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Items items && items.tuple == tuple && items.members.equals(members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }
}

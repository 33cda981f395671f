package ai.icon.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What items(), keys() or values() of a dict give: iterated, measured and printed, not indexed.
 *
 * @param kind dict_items, dict_keys or dict_values
 */
record View(String kind, List<Value> members) implements Value {
  View {
    members = List.copyOf(members);
  }

  @Override
  public String type() {
    return kind;
  }

  @Override
  public String repr() {
    return members.stream().map(Value::repr).collect(Collectors.joining(", ", kind + "([", "])"));
  }

  @Override
  public boolean truth() {
    return !members.isEmpty();
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
    return false;
  }

  @Override
  public long weight() {
    return Items.weight(members);
  }

  @Override
  public int cost() {
    return 1 + members.size();
  }

  @Override
  public int depth() {
    return Items.depth(members);
  }
}

package ai.icon.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A dict, in the order of its keys' arrival; never changed. */
final class Mapping implements Value {
  private final Map<Value, Value> entries;
  private final long weight;
  private final int depth;

  Mapping(Map<? extends Value, ? extends Value> entries) {
    entries.keySet().forEach(Value::requireHashable);
    this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    this.weight = Items.weight(entries.keySet()) + Items.weight(entries.values());
    this.depth = Items.depth(entries.values());
  }

  Map<Value, Value> entries() {
    return entries;
  }

  /** (key, value). */
  static Value pair(Map.Entry<Value, Value> entry) {
    return Items.tuple(List.of(entry.getKey(), entry.getValue()));
  }

  @Override
  public String type() {
    return "dict";
  }

  @Override
  public String repr() {
    return entries.entrySet().stream()
        .map(entry -> entry.getKey().repr() + ": " + entry.getValue().repr())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  @Override
  public boolean truth() {
    return !entries.isEmpty();
  }

  @Override
  public Optional<Value> attribute(String name) {
    return CollectionMethods.method(this, name);
  }

  @Override
  public Optional<Value> item(Value key) {
    return key.isHashable() ? Optional.ofNullable(entries.get(key)) : Optional.empty();
  }

  @Override
  public boolean isIterable() {
    return true;
  }

  @Override
  public Iterator<Value> iterator() {
    return entries.keySet().iterator();
  }

  @Override
  public Iterator<Value> reversed() {
    List<Value> keys = new ArrayList<>(entries.keySet());
    Collections.reverse(keys);
    return keys.iterator();
  }

  @Override
  public boolean isSized() {
    return true;
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public boolean contains(Value member) {
    member.requireHashable();
    return entries.containsKey(member);
  }

  @Override
  public boolean isHashable() {
    return false;
  }

  @Override
  public long weight() {
    return weight;
  }

  @Override
  public int cost() {
    return 1 + entries.size();
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mapping mapping && mapping.entries.equals(entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }
}

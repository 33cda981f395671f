package ai.icon.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Filters that put members in an order or compare them; texts without regard to case. */
final class OrderFilters {
  static final Map<String, Filters.Filter> FILTERS =
      Map.of(
          "sort", (rendering, value, given) -> sort(value, given),
          "dictsort", (rendering, value, given) -> dictsort(value, given),
          "unique", (rendering, value, given) -> unique(value, given),
          "min", (rendering, value, given) -> extreme("min", value, given),
          "max", (rendering, value, given) -> extreme("max", value, given));

  private OrderFilters() {}

  private static Value folded(Value value, boolean caseSensitive) {
    return value instanceof Text text && !caseSensitive
        ? new Text(PythonText.lower(text.text()))
        : value;
  }

  private static Value sort(Value value, Arguments given) {
    Arguments.Bound bound = given.bind("sort", "reverse", "case_sensitive", "attribute");
    List<Value> paths = paths(bound.or(2, Nothing.NONE));
    UnaryOperator<Value> key =
        member ->
            Items.list(
                paths.stream()
                    .map(path -> folded(Filters.path(member, path), bound.truth(1)))
                    .toList());
    List<Value> members = new ArrayList<>(Items.listOf(value.iterator()).members());
    return Items.list(sorted(members, key, bound.truth(0)));
  }

  private static List<Value> paths(Value attribute) {
    return attribute instanceof Text text
        ? Stream.of(text.text().split(",", -1)).<Value>map(Text::new).toList()
        : List.of(attribute);
  }

  private static List<Value> sorted(
      List<Value> members, UnaryOperator<Value> key, boolean isReverse) {
    record Keyed(Value key, Value member) {}

    Comparator<Keyed> order = (left, right) -> Comparison.compare(left.key(), right.key());
    return members.stream()
        .map(member -> new Keyed(key.apply(member), member))
        .sorted(isReverse ? order.reversed() : order)
        .map(Keyed::member)
        .toList();
  }

  private static Value dictsort(Value value, Arguments given) {
    Arguments.Bound bound = given.bind("dictsort", "case_sensitive", "by", "reverse");
    String by = bound.text(1).orElse("key");
    if (!(value instanceof Mapping mapping) || !Set.of("key", "value").contains(by)) {
      throw new Failure("dictsort needs a dict, and key or value to sort by");
    }
    Value index = Whole.of(by.equals("key") ? 0 : 1);
    List<Value> pairs = mapping.entries().entrySet().stream().map(Mapping::pair).toList();
    return Items.list(
        sorted(
            pairs, pair -> folded(pair.item(index).orElseThrow(), bound.truth(0)), bound.truth(2)));
  }

  private static Value unique(Value value, Arguments given) {
    Arguments.Bound bound = given.bind("unique", "case_sensitive", "attribute");
    Value attribute = bound.or(1, Nothing.NONE);
    Set<Value> seen = new HashSet<>();
    return new Once(
        new Lazily(
            value.iterator(),
            member -> {
              Value key = folded(Filters.path(member, attribute), bound.truth(0));
              key.requireHashable();
              return seen.add(key);
            }));
  }

  private static Value extreme(String name, Value value, Arguments given) {
    Arguments.Bound bound = given.bind(name, "case_sensitive", "attribute");
    Value attribute = bound.or(1, Nothing.NONE);
    UnaryOperator<Value> key = member -> folded(Filters.path(member, attribute), bound.truth(0));
    Iterator<Value> members = value.iterator();
    if (!members.hasNext()) {
      return new Undefined("no " + name + ", the sequence is empty");
    }
    Value extreme = members.next();
    while (members.hasNext()) {
      Value member = members.next();
      boolean isBeyond =
          name.equals("min")
              ? Comparison.holds("<", key.apply(member), key.apply(extreme))
              : Comparison.holds(">", key.apply(member), key.apply(extreme));
      extreme = isBeyond ? member : extreme;
    }
    return extreme;
  }
}

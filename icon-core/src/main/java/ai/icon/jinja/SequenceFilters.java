package ai.icon.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Filters of sequences; those that give iterators ask for a member when it is wanted. */
final class SequenceFilters {
  static final Map<String, Filters.Filter> FILTERS =
      Map.ofEntries(
          Map.entry("length", (rendering, value, given) -> length("length", value, given)),
          Map.entry("count", (rendering, value, given) -> length("count", value, given)),
          Map.entry("first", (rendering, value, given) -> first(value, given)),
          Map.entry("last", (rendering, value, given) -> last(value, given)),
          Map.entry("list", (rendering, value, given) -> list(value, given)),
          Map.entry("join", (rendering, value, given) -> join(value, given)),
          Map.entry("reverse", (rendering, value, given) -> reverse(value, given)),
          Map.entry("items", (rendering, value, given) -> items(value, given)),
          Map.entry("map", SequenceFilters::map),
          Map.entry("select", (r, value, given) -> chosen(r, value, given, false, true)),
          Map.entry("reject", (r, value, given) -> chosen(r, value, given, false, false)),
          Map.entry("selectattr", (r, value, given) -> chosen(r, value, given, true, true)),
          Map.entry("rejectattr", (r, value, given) -> chosen(r, value, given, true, false)),
          Map.entry("batch", (rendering, value, given) -> batch(value, given)),
          Map.entry("slice", (rendering, value, given) -> slice(value, given)),
          Map.entry("sum", (rendering, value, given) -> sum(value, given)));

  private SequenceFilters() {}

  private static Value length(String name, Value value, Arguments given) {
    given.none(name);
    return Whole.of(value.size());
  }

  private static Value first(Value value, Arguments given) {
    given.none("first");
    Iterator<Value> members = value.iterator();
    return members.hasNext()
        ? members.next()
        : new Undefined("no first item, the sequence is empty");
  }

  private static Value last(Value value, Arguments given) {
    given.none("last");
    Iterator<Value> members = value.reversed();
    return members.hasNext()
        ? members.next()
        : new Undefined("no last item, the sequence is empty");
  }

  private static Value list(Value value, Arguments given) {
    given.none("list");
    return Items.listOf(value.iterator());
  }

  private static Value join(Value value, Arguments given) {
    Arguments.Bound bound = given.bind("join", "d", "attribute");
    Value attribute = bound.or(1, Nothing.NONE);
    List<String> parts = new ArrayList<>();
    value.iterator().forEachRemaining(member -> parts.add(Filters.path(member, attribute).text()));
    return TextMethods.join(bound.or(0, Text.EMPTY).text(), parts);
  }

  private static Value reverse(Value value, Arguments given) {
    given.none("reverse");
    if (value instanceof Text text) {
      return new Text(PythonText.reversed(text.text()));
    }
    if (value instanceof Once) {
      List<Value> members = new ArrayList<>(Items.listOf(value.iterator()).members());
      Collections.reverse(members);
      return Items.list(members);
    }
    return new Once(value.reversed());
  }

  private static Value items(Value value, Arguments given) {
    given.none("items");
    if (value instanceof Undefined) {
      return new Once(Collections.emptyIterator());
    }
    if (!(value instanceof Mapping mapping)) {
      throw new Failure("items needs a dict, got a value of type " + value.type());
    }
    return new Once(mapping.entries().entrySet().stream().map(Mapping::pair).iterator());
  }

  private static Value map(Rendering rendering, Value value, Arguments given) {
    UnaryOperator<Value> change = change(rendering, given);
    if (!value.truth()) {
      return new Once(Collections.emptyIterator());
    }
    Iterator<Value> members = value.iterator();
    return new Once(
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return members.hasNext();
          }

          @Override
          public Value next() {
            return change.apply(members.next());
          }
        });
  }

  private static UnaryOperator<Value> change(Rendering rendering, Arguments given) {
    if (!given.positional().isEmpty()) {
      String name = given.positional().get(0).text();
      Arguments rest = given.without(1);
      return member -> Filters.apply(rendering, name, member, rest);
    }
    Arguments.Bound bound = given.bind("map", "attribute", "default");
    Value attribute = bound.require(0);
    Value otherwise = bound.or(1, Nothing.NONE);
    return member -> {
      Value found =
          otherwise == Nothing.NONE
              ? Filters.path(member, attribute)
              : path(member, attribute, otherwise);
      rendering.work(1);
      return found;
    };
  }

  /** As {@link Filters#path}, with a value for whatever is missing on the way. */
  private static Value path(Value member, Value attribute, Value otherwise) {
    Value value = member;
    for (String part : List.of(attribute.text().split("\\.", -1))) {
      Value found = Filters.path(value, attribute instanceof Text ? new Text(part) : attribute);
      value = found instanceof Undefined ? otherwise : found;
    }
    return value;
  }

  private static Value chosen(
      Rendering rendering, Value value, Arguments given, boolean ofAttribute, boolean taken) {
    if (!value.truth()) {
      return new Once(Collections.emptyIterator());
    }
    if (ofAttribute && given.positional().isEmpty()) {
      throw new Failure("the name of an attribute is missing");
    }
    Optional<Value> attribute =
        ofAttribute ? Optional.of(given.positional().get(0)) : Optional.empty();
    Predicate<Value> test = test(rendering, given.without(ofAttribute ? 1 : 0));
    return new Once(
        new Lazily(
            value.iterator(),
            member -> {
              rendering.work(1);
              return taken
                  == test.test(attribute.map(path -> Filters.path(member, path)).orElse(member));
            }));
  }

  private static Predicate<Value> test(Rendering rendering, Arguments given) {
    if (given.positional().isEmpty()) {
      return Value::truth;
    }
    String name = given.positional().get(0).text();
    Arguments rest = given.without(1);
    return member -> Tests.test(rendering, name, member, rest);
  }

  private static Value batch(Value value, Arguments given) {
    Arguments.Bound bound = given.bind("batch", "linecount", "fill_with");
    int size = positive("batch", bound);
    List<Value> members = Items.listOf(value.iterator()).members();
    List<Value> batches = new ArrayList<>();
    for (int start = 0; start < members.size(); start += size) {
      List<Value> batch =
          new ArrayList<>(members.subList(start, Math.min(members.size(), start + size)));
      while (bound.or(1, Nothing.NONE) != Nothing.NONE && batch.size() < size) {
        batch.add(bound.require(1));
      }
      batches.add(Items.list(batch));
    }
    return new Once(batches.iterator());
  }

  private static Value slice(Value value, Arguments given) {
    Arguments.Bound bound = given.bind("slice", "slices", "fill_with");
    int slices = positive("slice", bound);
    List<Value> members = Items.listOf(value.iterator()).members();
    int size = members.size() / slices;
    int longer = members.size() % slices;
    Value fill = bound.or(1, Nothing.NONE);
    return new Once(
        IntStream.range(0, slices)
            .<Value>mapToObj(
                i -> {
                  int start = i * size + Math.min(i, longer);
                  int end = (i + 1) * size + Math.min(i + 1, longer);
                  List<Value> slice = new ArrayList<>(members.subList(start, end));
                  if (fill != Nothing.NONE && i >= longer) {
                    slice.add(fill);
                  }
                  return Items.list(slice);
                })
            .iterator());
  }

  private static int positive(String name, Arguments.Bound bound) {
    bound.require(0);
    int number = bound.number(0, 0);
    if (number < 1 || number > Span.MAX_SIZE) {
      throw new Failure(name + " needs a number from 1 to " + Span.MAX_SIZE + ", got " + number);
    }
    return number;
  }

  private static Value sum(Value value, Arguments given) {
    Arguments.Bound bound = given.bind("sum", "attribute", "start");
    Value attribute = bound.or(0, Nothing.NONE);
    Value sum = bound.or(1, Whole.of(0));
    if (sum instanceof Text) {
      throw new Failure("sum takes no text to start with");
    }
    for (Iterator<Value> members = value.iterator(); members.hasNext(); ) {
      sum = Arithmetic.apply("+", sum, Filters.path(members.next(), attribute));
    }
    return sum;
  }
}

package ai.icon.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What can stand behind a bar: jinja2's filters, with tojson as Transformers sets it up. */
final class Filters {
  /** What a filter does. */
  @FunctionalInterface
  interface Filter {
    /** The filtered value. */
    Value apply(Rendering rendering, Value value, Arguments arguments);
  }

  /** What jinja2 has besides; refused by name when it is used. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "e",
          "escape",
          "filesizeformat",
          "forceescape",
          "groupby",
          "pprint",
          "random",
          "striptags",
          "urlencode",
          "urlize",
          "wordwrap",
          "xmlattr");

  private static final Map<String, Filter> FILTERS = new HashMap<>();

  static {
    FILTERS.putAll(TextFilters.FILTERS);
    FILTERS.putAll(NumberFilters.FILTERS);
    FILTERS.putAll(SequenceFilters.FILTERS);
    FILTERS.putAll(OrderFilters.FILTERS);
    FILTERS.put("default", (rendering, value, given) -> otherwise(value, given));
    FILTERS.put("d", (rendering, value, given) -> otherwise(value, given));
    FILTERS.put("attr", (rendering, value, given) -> attribute(value, given));
    FILTERS.put("tojson", (rendering, value, given) -> Json.of(value, given));
  }

  private Filters() {}

  static boolean isKnown(String name) {
    return FILTERS.containsKey(name) || UNSUPPORTED.contains(name);
  }

  static Value apply(Rendering rendering, String name, Value value, Arguments arguments) {
    Filter filter = FILTERS.get(name);
    if (filter == null) {
      throw new Failure(
          "the filter '"
              + name
              + (UNSUPPORTED.contains(name) ? "' is not supported" : "' is not known"));
    }
    rendering.work(value);
    Value made = filter.apply(rendering, value, arguments);
    rendering.made(made);
    return made;
  }

  private static Value otherwise(Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("default", "default_value", "boolean");
    boolean isMissing = value instanceof Undefined || (bound.truth(1) && !value.truth());
    return isMissing ? bound.or(0, Text.EMPTY) : value;
  }

  private static Value attribute(Value value, Arguments arguments) {
    String name = arguments.bind("attr", "name").requireText(0);
    return value.attribute(name).orElseGet(() -> Undefined.member(value, new Text(name)));
  }

  /** The attribute that a path of names and numbers with dots between leads to. */
  static Value path(Value value, Value path) {
    if (path == Nothing.NONE) {
      return value;
    }
    if (!(path instanceof Text text)) {
      return Expression.Item.find(value, path);
    }
    Value found = value;
    for (String part : List.of(text.text().split("\\.", -1))) {
      found = Expression.Item.find(found, part(part));
    }
    return found;
  }

  private static Value part(String part) {
    return part.matches("[0-9]{1,400}")
        ? Literals.integer(part.replaceFirst("^0+(?=.)", ""))
        : new Text(part);
  }
}

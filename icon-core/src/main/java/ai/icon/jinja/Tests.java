package ai.icon.jinja;

import java.util.Map;
import java.util.Set;

/** What can stand behind {@code is}. */
final class Tests {
  private static final Map<String, String> COMPARISONS =
      Map.ofEntries(
          Map.entry("==", "=="),
          Map.entry("eq", "=="),
          Map.entry("equalto", "=="),
          Map.entry("!=", "!="),
          Map.entry("ne", "!="),
          Map.entry(">", ">"),
          Map.entry("gt", ">"),
          Map.entry("greaterthan", ">"),
          Map.entry(">=", ">="),
          Map.entry("ge", ">="),
          Map.entry("<", "<"),
          Map.entry("lt", "<"),
          Map.entry("lessthan", "<"),
          Map.entry("<=", "<="),
          Map.entry("le", "<="),
          Map.entry("in", "in"));

  private static final Set<String> KINDS =
      Set.of(
          "defined",
          "undefined",
          "none",
          "boolean",
          "true",
          "false",
          "integer",
          "float",
          "number",
          "string",
          "mapping",
          "sequence",
          "iterable",
          "callable",
          "escaped",
          "lower",
          "upper",
          "odd",
          "even",
          "filter",
          "test");

  private Tests() {}

  static boolean isKnown(String name) {
    return KINDS.contains(name)
        || COMPARISONS.containsKey(name)
        || name.equals("divisibleby")
        || name.equals("sameas");
  }

  static boolean test(Rendering rendering, String name, Value value, Arguments given) {
    rendering.work(value);
    if (COMPARISONS.containsKey(name)) {
      Value other = given.bind(name, "other").require(0);
      rendering.work(other);
      rendering.contains(COMPARISONS.get(name), value, other);
      return Comparison.holds(COMPARISONS.get(name), value, other);
    }
    if (name.equals("sameas")) {
      return isSame(value, given.bind(name, "other").require(0));
    }
    if (name.equals("divisibleby")) {
      return remainder(value, given.bind(name, "num").require(0)).equals(Whole.of(0));
    }
    if (!KINDS.contains(name)) {
      throw new Failure("the test '" + name + "' is not known");
    }
    given.none(name);
    return isKind(name, value);
  }

  private static boolean isKind(String name, Value value) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == Nothing.NONE;
      case "boolean" -> value instanceof Truth;
      case "true" -> value instanceof Truth && value.truth();
      case "false" -> value instanceof Truth && !value.truth();
      case "integer" -> value instanceof Whole;
      case "float" -> value instanceof Real;
      case "number" -> value instanceof Numeric;
      case "string" -> value instanceof Text;
      case "mapping" -> value instanceof Mapping;
      case "sequence" -> isSequence(value);
      case "iterable" -> value.isIterable();
      case "callable" -> value instanceof Callable;
      case "escaped" -> false;
      case "lower" -> TextMethods.isCase(value.text(), false);
      case "upper" -> TextMethods.isCase(value.text(), true);
      case "odd" -> remainder(value, Whole.of(2)).equals(Whole.of(1));
      case "even" -> remainder(value, Whole.of(2)).equals(Whole.of(0));
      case "filter" -> Filters.isKnown(value.text());
      case "test" -> isKnown(value.text());
      default -> throw new IllegalStateException("No test: " + name);
    };
  }

  /** What has a length and can be indexed; a dict too. */
  private static boolean isSequence(Value value) {
    return value instanceof Text
        || value instanceof Items
        || value instanceof Mapping
        || value instanceof Span
        || value instanceof Undefined;
  }

  private static Value remainder(Value value, Value divisor) {
    return Arithmetic.apply("%", value, divisor);
  }

  /** Whether two values are one object; of equal numbers and texts Python leaves it open. */
  private static boolean isSame(Value value, Value other) {
    if (value instanceof Numeric || value instanceof Text || value == Nothing.NONE) {
      return value.getClass() == other.getClass() && value.equals(other);
    }
    return value == other;
  }
}

package ai.icon.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Filters of and to numbers. */
final class NumberFilters {
  private static final int MAX_PRECISION = 400;

  static final Map<String, Filters.Filter> FILTERS =
      Map.of(
          "int", (rendering, value, given) -> whole(value, given),
          "float", (rendering, value, given) -> real(value, given),
          "abs", (rendering, value, given) -> abs(value, given),
          "round", (rendering, value, given) -> round(value, given));

  private NumberFilters() {}

  private static Value whole(Value value, Arguments given) {
    Arguments.Bound bound = given.bind("int", "default", "base");
    Value otherwise = bound.or(0, Whole.of(0));
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (value instanceof Text text) {
      return parsed(text.text(), bound.number(1, 10))
          .or(() -> number(text.text()).flatMap(NumberFilters::cut))
          .orElse(otherwise);
    }
    if (value instanceof Real real) {
      if (Double.isInfinite(real.real())) {
        throw new Failure("an infinite float has no integer");
      }
      return cut(real.real()).orElse(otherwise);
    }
    return value instanceof Numeric number ? new Whole(number.whole()) : otherwise;
  }

  private static Optional<Value> cut(double number) {
    return Double.isNaN(number) || Double.isInfinite(number)
        ? Optional.empty()
        : Optional.of(new Whole(new BigDecimal(number).toBigInteger()));
  }

  private static Optional<Value> parsed(String text, int base) {
    if (base < 2 || base > Character.MAX_RADIX) {
      throw new Failure("int needs a base from 2 to 36, got " + base);
    }
    String digits =
        PythonText.strip(text, PythonText::isSpace, true, true).toLowerCase(Locale.ROOT);
    boolean minus = digits.startsWith("-");
    digits = minus || digits.startsWith("+") ? digits.substring(1) : digits;
    String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "-";
    digits = digits.startsWith(prefix) ? digits.substring(2).replaceFirst("^_", "") : digits;
    if (!digits.matches("[0-9a-z]++(?:_[0-9a-z]++){0,1000}+") || digits.length() > 4_300) {
      return Optional.empty();
    }
    String plain = digits.replace("_", "");
    if (plain.chars().anyMatch(c -> Character.digit(c, base) < 0)) {
      return Optional.empty();
    }
    BigInteger number = new BigInteger(plain, base);
    return Optional.of(new Whole(minus ? number.negate() : number));
  }

  /** Python's float(text). */
  private static Optional<Double> number(String text) {
    String stripped =
        PythonText.strip(text, PythonText::isSpace, true, true).toLowerCase(Locale.ROOT);
    if (stripped.matches("[-+]?(?:inf|infinity)")) {
      return Optional.of(
          stripped.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    if (stripped.matches("[-+]?nan")) {
      return Optional.of(Double.NaN);
    }
    boolean isNumber =
        stripped.length() <= 4_300
            && stripped.matches(
                "[-+]?(?:[0-9][0-9_]*+(?:\\.[0-9_]*+)?|\\.[0-9][0-9_]*+)(?:e[-+]?[0-9][0-9_]*+)?")
            && !stripped.matches(".*(?:__|_$|_\\.|\\._|_e).*");
    return isNumber ? Optional.of(Double.parseDouble(stripped.replace("_", ""))) : Optional.empty();
  }

  private static Value real(Value value, Arguments given) {
    Value otherwise = given.bind("float", "default").or(0, new Real(0));
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (value instanceof Text text) {
      return number(text.text()).<Value>map(Real::new).orElse(otherwise);
    }
    return value instanceof Numeric number ? new Real(number.real()) : otherwise;
  }

  private static Value abs(Value value, Arguments given) {
    given.none("abs");
    if (!(value instanceof Numeric number)) {
      throw new Failure("abs needs a number, got a value of type " + value.type());
    }
    return number.isWhole() ? new Whole(number.whole().abs()) : new Real(Math.abs(number.real()));
  }

  private static Value round(Value value, Arguments given) {
    Arguments.Bound bound = given.bind("round", "precision", "method");
    int precision = bound.number(0, 0);
    String method = bound.text(1).orElse("common");
    if (!(value instanceof Numeric number) || Math.abs(precision) > MAX_PRECISION) {
      throw new Failure("round needs a number and at most " + MAX_PRECISION + " digits");
    }
    return switch (method) {
      case "common" -> rounded(number, precision);
      case "ceil", "floor" -> directed(number, precision, method.equals("ceil"));
      default -> throw new Failure("round needs common, ceil or floor, got " + method);
    };
  }

  private static Value rounded(Numeric number, int precision) {
    if (number.isWhole()) {
      return new Whole(
          new BigDecimal(number.whole())
              .setScale(Math.min(0, precision), RoundingMode.HALF_EVEN)
              .toBigInteger());
    }
    if (Double.isNaN(number.real()) || Double.isInfinite(number.real())) {
      return number;
    }
    BigDecimal rounded = new BigDecimal(number.real()).setScale(precision, RoundingMode.HALF_EVEN);
    return new Real(Math.copySign(rounded.doubleValue(), number.real()));
  }

  private static Value directed(Numeric number, int precision, boolean up) {
    Value scale = Arithmetic.apply("**", Whole.of(10), Whole.of(precision));
    Numeric scaled = (Numeric) Arithmetic.apply("*", number, scale);
    if (!scaled.isWhole()) {
      double whole = up ? Math.ceil(scaled.real()) : Math.floor(scaled.real());
      Optional<Value> cut = cut(whole);
      return Arithmetic.apply(
          "/",
          cut.orElseThrow(() -> new Failure("a float that is not finite cannot be rounded")),
          scale);
    }
    return Arithmetic.apply("/", scaled, scale);
  }
}

package ai.icon.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic. */
final class Arithmetic {
  private Arithmetic() {}

  static Value apply(String operator, Value left, Value right) {
    if (left instanceof Numeric first && right instanceof Numeric second) {
      return numbers(operator, first, second);
    }
    if (left instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (operator.equals("%") && left instanceof Text format) {
      return Formats.format(format.text(), right);
    }
    if (right instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (operator.equals("+") && left instanceof Text first && right instanceof Text second) {
      return TextMethods.join("", List.of(first.text(), second.text()));
    }
    if (operator.equals("+")
        && left instanceof Items first
        && right instanceof Items second
        && first.isTuple() == second.isTuple()) {
      List<Value> members = new ArrayList<>(first.members());
      members.addAll(second.members());
      return first.isTuple() ? Items.tuple(members) : Items.list(members);
    }
    if (operator.equals("*") && right instanceof Numeric times && times.isWhole()) {
      return repeated(left, times);
    }
    if (operator.equals("*") && left instanceof Numeric times && times.isWhole()) {
      return repeated(right, times);
    }
    throw unsupported(operator, left, right);
  }

  /** How many members the repetition of a list makes; 0 for all else. */
  static double repetition(String operator, Value left, Value right) {
    if (!operator.equals("*")) {
      return 0;
    }
    if (left instanceof Items items && right instanceof Numeric times) {
      return (double) items.weight() * times.real();
    }
    return right instanceof Items items && left instanceof Numeric times
        ? (double) items.weight() * times.real()
        : 0;
  }

  private static Failure unsupported(String operator, Value left, Value right) {
    return new Failure(
        "operator " + operator + " does not take " + left.type() + " and " + right.type());
  }

  private static Value repeated(Value value, Numeric number) {
    long times = number.whole().max(BigInteger.ZERO).min(BigInteger.valueOf(1L << 32)).longValue();
    if (value instanceof Text text) {
      return new Text(TextMethods.repeat(text.text(), times));
    }
    if (!(value instanceof Items items)) {
      throw unsupported("*", value, number);
    }
    List<Value> members = new ArrayList<>();
    for (long i = 0; i < times && !items.members().isEmpty(); i++) {
      members.addAll(items.members());
    }
    return items.isTuple() ? Items.tuple(members) : Items.list(members);
  }

  private static Value numbers(String operator, Numeric left, Numeric right) {
    requireDivisor(operator, right);
    boolean whole = left.isWhole() && right.isWhole();
    return switch (operator) {
      case "+" ->
          whole ? new Whole(left.whole().add(right.whole())) : new Real(left.real() + right.real());
      case "-" ->
          whole
              ? new Whole(left.whole().subtract(right.whole()))
              : new Real(left.real() - right.real());
      case "*" ->
          whole
              ? new Whole(left.whole().multiply(right.whole()))
              : new Real(left.real() * right.real());
      case "/" -> quotient(left, right);
      case "//" -> whole ? floorDivided(left, right) : new Real(floorQuotient(left, right));
      case "%" -> whole ? remainder(left, right) : new Real(remainder(left.real(), right.real()));
      case "**" -> whole ? power(left, right) : realPower(left.real(), right.real());
      default -> throw new IllegalStateException("No operator: " + operator);
    };
  }

  private static void requireDivisor(String operator, Numeric number) {
    if (List.of("/", "//", "%").contains(operator) && !number.truth()) {
      throw new Failure("division by zero");
    }
  }

  private static Value quotient(Numeric left, Numeric right) {
    if (!left.isWhole() || !right.isWhole()) {
      return new Real(left.real() / right.real());
    }
    double quotient =
        new BigDecimal(left.whole())
            .divide(new BigDecimal(right.whole()), new MathContext(60))
            .doubleValue();
    if (Double.isInfinite(quotient)) {
      throw new Failure("the quotient of two integers is too large for a float");
    }
    return new Real(quotient);
  }

  private static Value floorDivided(Numeric left, Numeric right) {
    BigInteger[] parts = left.whole().divideAndRemainder(right.whole());
    boolean below = parts[1].signum() != 0 && parts[1].signum() != right.whole().signum();
    return new Whole(below ? parts[0].subtract(BigInteger.ONE) : parts[0]);
  }

  private static Value remainder(Numeric left, Numeric right) {
    BigInteger remainder = left.whole().remainder(right.whole());
    boolean other = remainder.signum() != 0 && remainder.signum() != right.whole().signum();
    return new Whole(other ? remainder.add(right.whole()) : remainder);
  }

  /** With the sign of the divisor. */
  private static double remainder(double left, double right) {
    double remainder = left % right;
    if (remainder == 0) {
      return Math.copySign(0.0, right);
    }
    return remainder < 0 != right < 0 ? remainder + right : remainder;
  }

  private static double floorQuotient(Numeric left, Numeric right) {
    double divisor = right.real();
    double quotient = (left.real() - remainder(left.real(), divisor)) / divisor;
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static Value power(Numeric base, Numeric exponent) {
    if (exponent.whole().signum() < 0) {
      return realPower(base.real(), exponent.real());
    }
    long bits = base.whole().abs().bitLength();
    if (bits > 1 && exponent.real() * (bits - 1) > Whole.MAX_BITS) {
      throw new Failure("an integer has more than " + Whole.MAX_BITS + " bits");
    }
    BigInteger small = exponent.whole().min(BigInteger.valueOf(2L * Whole.MAX_BITS + 2));
    boolean odd = exponent.whole().testBit(0);
    int times = small.intValue() + (small.testBit(0) == odd ? 0 : 1);
    return new Whole(base.whole().pow(times));
  }

  private static Value realPower(double base, double exponent) {
    double power = Math.pow(base, exponent);
    if (base == 0 && exponent < 0) {
      throw new Failure("zero cannot be raised to a negative power");
    }
    boolean overflows =
        Double.isInfinite(power) && !Double.isInfinite(base) && !Double.isInfinite(exponent);
    if (overflows || (Double.isNaN(power) && !Double.isNaN(base) && !Double.isNaN(exponent))) {
      throw new Failure("a power is too large or not real");
    }
    return new Real(power);
  }

  static Value signed(boolean minus, Value value) {
    if (value instanceof Numeric number) {
      if (number.isWhole()) {
        return new Whole(minus ? number.whole().negate() : number.whole());
      }
      return new Real(minus ? -number.real() : number.real());
    }
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    throw new Failure("a value of type " + value.type() + " has no sign");
  }
}

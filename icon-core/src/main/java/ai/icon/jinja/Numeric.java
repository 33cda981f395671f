package ai.icon.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;

/** int, float or bool. */
sealed interface Numeric extends Value permits Real, Truth, Whole {
  /** What Python has. */
  Set<String> UNSUPPORTED =
      Set.of(
          "as_integer_ratio",
          "bit_count",
          "bit_length",
          "conjugate",
          "denominator",
          "from_bytes",
          "fromhex",
          "hex",
          "imag",
          "is_integer",
          "numerator",
          "real",
          "to_bytes");

  /** As a float; infinite where it is too large. */
  double real();

  /** As an int; only where {@link #isWhole}. */
  BigInteger whole();

  /** Whether it is an int or a bool. */
  default boolean isWhole() {
    return true;
  }

  /** Python's numbers have some; no template needs them. */
  @Override
  default Optional<Value> attribute(String name) {
    if (UNSUPPORTED.contains(name)) {
      throw new Failure("the attribute " + name + " of numbers is not supported");
    }
    return CollectionMethods.internal(this, name);
  }

  /** Exact order of two numbers, none of them NaN. */
  static int compare(Numeric left, Numeric right) {
    if (left.isWhole() && right.isWhole()) {
      return left.whole().compareTo(right.whole());
    }
    if (Double.isInfinite(left.real()) || Double.isInfinite(right.real())) {
      return Double.compare(left.real(), right.real());
    }
    return exact(left).compareTo(exact(right));
  }

  private static BigDecimal exact(Numeric number) {
    return number.isWhole() ? new BigDecimal(number.whole()) : new BigDecimal(number.real());
  }

  /** Python's ==. */
  static boolean same(Numeric left, Object other) {
    return other instanceof Numeric right
        && !Double.isNaN(left.real())
        && !Double.isNaN(right.real())
        && compare(left, right) == 0;
  }

  /** Equal for equal numbers of all three types. */
  static int hash(Numeric number) {
    return Double.hashCode(number.real() + 0.0);
  }
}

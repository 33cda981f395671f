package ai.icon.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** A float. */
record Real(double real) implements Numeric {
  private static final int MAX_DIGITS = 17;

  @Override
  public boolean isWhole() {
    return false;
  }

  @Override
  public BigInteger whole() {
    throw new IllegalStateException("A float is no int");
  }

  @Override
  public String type() {
    return "float";
  }

  @Override
  public boolean truth() {
    return real != 0;
  }

  /** The fewest digits that name the number; an exponent below 1e-4 and from 1e16. */
  @Override
  public String repr() {
    if (Double.isNaN(real)) {
      return "nan";
    }
    if (Double.isInfinite(real)) {
      return real > 0 ? "inf" : "-inf";
    }
    String sign = real < 0 || 1 / real < 0 ? "-" : "";
    if (real == 0) {
      return sign + "0.0";
    }
    BigDecimal shortest = shortest().stripTrailingZeros();
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - shortest.scale() - 1;
    return sign
        + (exponent < -4 || exponent >= 16 ? scientific(digits, exponent) : plain(shortest.abs()));
  }

  private BigDecimal shortest() {
    BigDecimal exact = new BigDecimal(real);
    for (int digits = 1; digits < MAX_DIGITS; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == real) {
        return rounded;
      }
    }
    return exact.round(new MathContext(MAX_DIGITS, RoundingMode.HALF_EVEN));
  }

  private static String plain(BigDecimal number) {
    String plain = number.toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }

  private static String scientific(String digits, int exponent) {
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    int size = Math.abs(exponent);
    return mantissa + "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
  }

  @Override
  public boolean equals(Object other) {
    return Numeric.same(this, other);
  }

  @Override
  public int hashCode() {
    return Numeric.hash(this);
  }
}

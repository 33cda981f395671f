package ai.icon.jinja;

import java.math.BigInteger;

/** An int. */
record Whole(BigInteger whole) implements Numeric {
  /** More bits than any count or hash; Python has no bound. */
  static final int MAX_BITS = 8_192;

  Whole {
    if (whole.bitLength() > MAX_BITS) {
      throw new Failure("an integer has more than " + MAX_BITS + " bits");
    }
  }

  static Whole of(long value) {
    return new Whole(BigInteger.valueOf(value));
  }

  @Override
  public double real() {
    return whole.doubleValue();
  }

  @Override
  public String type() {
    return "int";
  }

  @Override
  public String repr() {
    return whole.toString();
  }

  @Override
  public boolean truth() {
    return whole.signum() != 0;
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

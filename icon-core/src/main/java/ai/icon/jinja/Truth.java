package ai.icon.jinja;

import java.math.BigInteger;

/** A bool, which is an int too. */
record Truth(boolean truth) implements Numeric {
  static final Truth TRUE = new Truth(true);
  static final Truth FALSE = new Truth(false);

  static Truth of(boolean truth) {
    return truth ? TRUE : FALSE;
  }

  @Override
  public double real() {
    return truth ? 1 : 0;
  }

  @Override
  public BigInteger whole() {
    return truth ? BigInteger.ONE : BigInteger.ZERO;
  }

  @Override
  public String type() {
    return "bool";
  }

  @Override
  public String repr() {
    return truth ? "True" : "False";
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

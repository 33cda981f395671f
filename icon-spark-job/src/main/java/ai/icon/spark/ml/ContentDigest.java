package ai.icon.spark.ml;

import java.io.Serializable;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Names rows by their content, whatever their order: how many there are, and the sum of their
 * SHA-256 hashes modulo 2^256. A sum and not an exclusive or, so that a row that stands there twice
 * does not cancel itself.
 */
final class ContentDigest implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int BITS = 256;
  private static final int DIGITS = 32;

  private BigInteger sum = BigInteger.ZERO;
  private long rows;

  /** This and one more row. */
  ContentDigest add(String row) {
    sum = sum.add(new BigInteger(1, hash(row)));
    rows++;
    return this;
  }

  /** This and the rows of another. */
  ContentDigest merge(ContentDigest other) {
    sum = sum.add(other.sum);
    rows += other.rows;
    return this;
  }

  /** 32 hexadecimal digits. */
  String hex() {
    BigInteger content = sum.mod(BigInteger.ONE.shiftLeft(BITS));
    return String.format("%064x", new BigInteger(1, hash(rows + " " + content)))
        .substring(0, DIGITS);
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}

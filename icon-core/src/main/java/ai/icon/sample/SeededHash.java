package ai.icon.sample;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.io.Serial;
import java.io.Serializable;

/**
 * A seeded 64-bit hash of a text (XXH3): the one source of order wherever rows are drawn, split or
 * tied. Equal on every machine and independent of the order in which rows come. Immutable;
 * serialised as seed and purpose.
 */
public final class SeededHash implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final long seed;
  private final String purpose;
  private final transient Hasher64 hasher;

  /**
   * @param seed the run's seed
   * @param purpose what the hash is for; two purposes give independent orders
   */
  public SeededHash(long seed, String purpose) {
    this.seed = seed;
    this.purpose = purpose;
    this.hasher = Hashing.xxh3_64(Hashing.xxh3_64(seed).hashCharsToLong(purpose));
  }

  /** The hash of a text: 64 uniform bits, to be compared as an unsigned number. */
  public long of(String text) {
    return hasher.hashCharsToLong(text);
  }

  /** The hash as a number in [0, 1), uniform: for splits by share. */
  public double share(String text) {
    return (of(text) >>> 11) * 0x1.0p-53;
  }

  @Serial
  private Object readResolve() {
    return new SeededHash(seed, purpose);
  }
}

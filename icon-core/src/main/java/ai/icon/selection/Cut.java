package ai.icon.selection;

import java.io.Serializable;

/**
 * Where a budget cuts a ranking: every sample whose key is below {@code firstKey} is selected, none
 * whose key is above {@code lastKey}, and of those between, the boundary bin, the best in ranking
 * order until {@code remaining} is used up. Keys are those of {@link ScoreKey}, unsigned.
 *
 * @param firstKey smallest key (best score) of the boundary bin
 * @param lastKey largest key of the boundary bin
 * @param above samples better than the bin, all selected
 * @param weightAbove their summed weight (tokens)
 * @param remaining what may still be taken from the bin: samples for {@link ScoreHistogram#cut},
 *     weight for {@link ScoreHistogram#cutByWeight}
 * @param inBin samples in the bin
 * @param weightInBin their summed weight
 */
public record Cut(
    long firstKey,
    long lastKey,
    long above,
    long weightAbove,
    long remaining,
    long inBin,
    long weightInBin)
    implements Serializable {
  /** Whether a sample with this score is selected whatever the boundary bin gives. */
  public boolean isAbove(double score) {
    return Long.compareUnsigned(ScoreKey.of(score), firstKey) < 0;
  }

  /** Whether a sample with this score lies in the boundary bin. */
  public boolean isInBin(double score) {
    return isKeyInBin(ScoreKey.of(score));
  }

  /** The same of a key, whatever its kind. */
  public boolean isKeyInBin(long key) {
    return Long.compareUnsigned(key, firstKey) >= 0 && Long.compareUnsigned(key, lastKey) <= 0;
  }

  /** Whether the boundary bin holds one key only: no histogram divides it further. */
  public boolean isOneKey() {
    return firstKey == lastKey;
  }
}

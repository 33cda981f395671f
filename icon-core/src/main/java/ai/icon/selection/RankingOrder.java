package ai.icon.selection;

import ai.icon.sample.SeededHash;
import java.io.Serial;
import java.io.Serializable;
import java.util.Comparator;

/**
 * The order of a ranking, best first: score descending, then a seeded hash of the id as an unsigned
 * number, then the id (method.md, Selection). Total, and independent of the order in which samples
 * come. {@code -0.0} and {@code 0.0} are one score. Immutable.
 */
public final class RankingOrder implements Comparator<RankedSample>, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final SeededHash hash;

  /**
   * @param seed the run's seed; it decides ties of equal scores
   */
  public RankingOrder(long seed) {
    this.hash = new SeededHash(seed, "ranking");
  }

  /** Negative if the first stands before (is better than) the second. */
  @Override
  public int compare(RankedSample first, RankedSample second) {
    int byScore = Long.compareUnsigned(ScoreKey.of(first.score()), ScoreKey.of(second.score()));
    if (byScore != 0) {
      return byScore;
    }
    int byHash = Long.compareUnsigned(tieBreak(first.id()), tieBreak(second.id()));
    return byHash != 0 ? byHash : first.id().compareTo(second.id());
  }

  /** What decides between equal scores: smaller, as an unsigned number, is better. */
  public long tieBreak(String id) {
    return hash.of(id);
  }
}

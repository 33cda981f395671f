package ai.icon.spark.stage;

import ai.icon.sample.SeededHash;
import ai.icon.selection.RankingOrder;
import ai.icon.selection.ScoreKey;
import java.io.Serializable;

/**
 * Where a row stands in its table: by two unsigned numbers, then by id.
 *
 * @param first compared first, unsigned
 * @param second compared where the first are equal, unsigned
 * @param id the last word
 */
record OrderKey(long first, long second, String id) implements Comparable<OrderKey>, Serializable {

  /** The order of the pool and all that is kept by sample: a seeded hash, which also spreads. */
  static OrderKey ofSample(SeededHash hash, String id) {
    return new OrderKey(hash.of(id), 0, id);
  }

  /** The order of the ranking: score descending, then hash, then id (method.md, Selection). */
  static OrderKey ofScore(RankingOrder order, double score, String id) {
    return new OrderKey(ScoreKey.of(score), order.tieBreak(id), id);
  }

  /** The order of the input. */
  static OrderKey ofLine(int source, long line) {
    return new OrderKey(source, line, "");
  }

  /** The order of positions. */
  static OrderKey ofPosition(long position) {
    return new OrderKey(position, 0, "");
  }

  @Override
  public int compareTo(OrderKey other) {
    int byFirst = Long.compareUnsigned(first, other.first);
    if (byFirst != 0) {
      return byFirst;
    }
    int bySecond = Long.compareUnsigned(second, other.second);
    return bySecond != 0 ? bySecond : id.compareTo(other.id);
  }
}

package ai.icon.spark.stage;

import ai.icon.selection.Budget;
import ai.icon.selection.Cut;
import ai.icon.selection.GroupBudget;
import ai.icon.selection.ScoreBins;
import ai.icon.selection.ScoreHistogram;
import ai.icon.selection.ScoreKey;
import ai.icon.spark.stage.BinCounts.Member;
import java.io.Serializable;
import java.util.List;

/**
 * How far the end of a budget has been narrowed down: to a bin of scores, and inside one score to a
 * bin of the hash that breaks ties. Immutable, and small enough to travel.
 *
 * @param isInTokens whether what remains counts tokens
 * @param scores the bins that {@code score} is one of
 * @param score the bin of scores
 * @param ties the bins that {@code tie} is one of; null while the bin was not divided by ties
 * @param tie the bin of the hash inside the one score; null likewise
 */
record Boundary(boolean isInTokens, ScoreBins scores, Cut score, ScoreBins ties, Cut tie)
    implements Serializable {

  static Boundary of(ScoreHistogram scores, GroupBudget budget) {
    boolean isInTokens = budget.budget() instanceof Budget.Tokens;
    return new Boundary(
        isInTokens, scores.bins(), cut(isInTokens, scores, budget.wanted()), null, null);
  }

  private static Cut cut(boolean isInTokens, ScoreHistogram histogram, long wanted) {
    return isInTokens ? histogram.cutByWeight(wanted) : histogram.cut(wanted);
  }

  /** Whether the bin is too full for the driver and holds several scores. */
  boolean isDividedByScore(long bound) {
    return score.inBin() > bound && score.remaining() > 0 && !score.isOneKey();
  }

  /** Whether the bin is too full for the driver and ties must divide it. */
  boolean isDividedByTie(long bound) {
    boolean isFull = innermost().inBin() > bound && innermost().remaining() > 0;
    return isFull && score.isOneKey() && !(tie != null && tie.isOneKey());
  }

  /** The bins that divide the bin. */
  ScoreBins finer() {
    if (!score.isOneKey()) {
      return scores.finer(score);
    }
    return tie == null ? ScoreBins.all() : ties.finer(tie);
  }

  /** Narrowed by a finer histogram: only what is left of the budget is cut in it. */
  Boundary byScore(ScoreHistogram finer) {
    return new Boundary(
        isInTokens, finer.bins(), cut(isInTokens, finer, score.remaining()), null, null);
  }

  /** The same inside one score. */
  Boundary byTie(ScoreHistogram finer) {
    return new Boundary(
        isInTokens, scores, score, finer.bins(), cut(isInTokens, finer, innermost().remaining()));
  }

  /** Whether a row must be looked at by itself. */
  boolean holds(double rowScore, long rowTie) {
    return score.isInBin(rowScore) && (tie == null || tie.isKeyInBin(rowTie));
  }

  /** Whether the hash decides. */
  boolean isTied() {
    return tie != null;
  }

  /** The best score that may be inside; NaN where it has no bound. */
  double best() {
    return ScoreKey.score(score.firstKey());
  }

  /** The worst score that may be inside; NaN where it has no bound. */
  double worst() {
    return ScoreKey.score(score.lastKey());
  }

  private Cut innermost() {
    return tie == null ? score : tie;
  }

  /**
   * The place of the last row that the budget takes: of all rows, those at or before it.
   *
   * @param members what {@link #holds}, in the order of the ranking
   */
  OrderKey last(List<Member> members) {
    // Before the first row that the bin could hold: no row has an empty id.
    OrderKey last = new OrderKey(score.firstKey(), tie == null ? 0 : tie.firstKey(), "");
    long remaining = innermost().remaining();
    for (Member member : members) {
      remaining -= isInTokens ? member.tokens() : 1;
      if (remaining < 0) {
        break;
      }
      last = member.place();
    }
    return last;
  }
}

package ai.icon.spark.stage;

import ai.icon.error.UserError;
import ai.icon.selection.Budget;
import ai.icon.selection.GroupBudget;
import ai.icon.selection.RankingOrder;
import ai.icon.selection.ScoreBins;
import ai.icon.selection.ScoreHistogram;
import ai.icon.spark.rows.Columns;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The exact best of a ranked table under a budget without sorting it: a histogram of an
 * order-preserving key finds the bin in which the budget ends, that bin alone is collected, and the
 * rest is a filter. A bin that is too full is divided by the key's next bits, and one of equal
 * scores by the hash that breaks ties: what the driver takes is bounded whatever the scores.
 */
public final class GlobalCut {
  /** Samples that the driver takes, all groups together; fuller boundary bins are divided first. */
  private static final long COLLECTED = 200_000;

  /** The one group of a budget that knows none. */
  static final String WHOLE = "";

  private final Dataset<Row> ranking;
  private final RankingOrder order;
  private final long collected;

  /**
   * @param ranking with sample_id, score (never NaN) and tokens, and for a budget by group with
   *     group, which may be null
   * @param seed the run's, for ties
   */
  public GlobalCut(Dataset<Row> ranking, long seed) {
    this(ranking, seed, COLLECTED);
  }

  /** With another bound on what the driver takes. */
  GlobalCut(Dataset<Row> ranking, long seed, long collected) {
    this.ranking = ranking;
    this.order = new RankingOrder(seed);
    this.collected = collected;
  }

  /**
   * Cuts at a budget.
   *
   * @throws UserError if the budget selects nothing or more than there is, or names a group that no
   *     sample is of
   */
  public Chosen at(Budget budget) {
    return budget instanceof Budget.ByGroup byGroup
        ? byGroup(byGroup)
        : whole((Budget.Whole) budget);
  }

  private Chosen whole(Budget.Whole budget) {
    BinCounts counts = BinCounts.ofWhole(ranking, order);
    SortedMap<String, ScoreHistogram> histograms =
        counts.byScore(Map.of(WHOLE, ScoreBins.all()), functions.lit(true));
    ScoreHistogram all = histograms.getOrDefault(WHOLE, new ScoreHistogram());
    long wanted =
        budget instanceof Budget.Tokens tokens
            ? tokens.within(all.weight())
            : ((Budget.OfSamples) budget).samples(all.count());
    GroupBudget held = new GroupBudget(budget, all.count(), all.weight(), wanted, 0);
    return cut(counts, histograms, new TreeMap<>(Map.of(WHOLE, held)), false);
  }

  private Chosen byGroup(Budget.ByGroup budget) {
    SortedMap<String, ScoreBins> bins = new TreeMap<>();
    budget.budgets().keySet().forEach(group -> bins.put(group, ScoreBins.all()));
    Column named = functions.col(Columns.GROUP).isInCollection(bins.keySet());
    BinCounts counts = BinCounts.ofGroups(ranking.filter(named), order);
    SortedMap<String, ScoreHistogram> histograms = counts.byScore(bins, functions.lit(true));
    SortedMap<String, GroupBudget> held = new TreeMap<>();
    budget
        .budgets()
        .forEach(
            (group, whole) -> {
              if (!histograms.containsKey(group)) {
                throw unknown(group);
              }
              ScoreHistogram all = histograms.get(group);
              held.put(group, GroupBudget.of(group, whole, all.count(), all.weight()));
            });
    return cut(counts, histograms, held, true);
  }

  private static UserError unknown(String group) {
    return new UserError(
        "Cannot select from group " + group + ": no sample of the ranking is of it.",
        "Name groups that are there in --budget, or another column with --group-by.");
  }

  private Chosen cut(
      BinCounts counts,
      SortedMap<String, ScoreHistogram> histograms,
      SortedMap<String, GroupBudget> budgets,
      boolean isByGroup) {
    long bound = Math.max(1, collected / budgets.size());
    SortedMap<String, Boundary> open = new TreeMap<>();
    budgets.forEach((group, budget) -> open.put(group, Boundary.of(histograms.get(group), budget)));
    while (open.values().stream().anyMatch(one -> one.isDividedByScore(bound))) {
      Map<String, Boundary> full = matching(open, bound, true);
      counts
          .byScore(bins(full), BinCounts.scores(full.values()))
          .forEach((group, finer) -> open.put(group, open.get(group).byScore(finer)));
    }
    while (open.values().stream().anyMatch(one -> one.isDividedByTie(bound))) {
      Map<String, Boundary> full = matching(open, bound, false);
      counts
          .byTie(full, bins(full))
          .forEach((group, finer) -> open.put(group, open.get(group).byTie(finer)));
    }
    SortedMap<String, OrderKey> last = new TreeMap<>();
    SortedMap<String, List<BinCounts.Member>> members = counts.members(open);
    open.forEach(
        (group, boundary) ->
            last.put(group, boundary.last(members.getOrDefault(group, List.of()))));
    long taken = members.values().stream().mapToLong(List::size).sum();
    return new Chosen(order, last, budgets, isByGroup, taken);
  }

  private static Map<String, Boundary> matching(
      SortedMap<String, Boundary> open, long bound, boolean byScore) {
    SortedMap<String, Boundary> full = new TreeMap<>(open);
    full.values()
        .removeIf(one -> !(byScore ? one.isDividedByScore(bound) : one.isDividedByTie(bound)));
    return full;
  }

  private static Map<String, ScoreBins> bins(Map<String, Boundary> full) {
    SortedMap<String, ScoreBins> bins = new TreeMap<>();
    full.forEach((group, one) -> bins.put(group, one.finer()));
    return bins;
  }
}

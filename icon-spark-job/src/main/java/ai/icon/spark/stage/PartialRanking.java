package ai.icon.spark.stage;

import ai.icon.error.UserError;
import ai.icon.selection.Budget;
import ai.icon.selection.GroupBudget;
import ai.icon.spark.rows.Columns;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;

/** A ranking of a pool or of a part of it, and what a budget of the pool is of it. */
final class PartialRanking {
  private final Dataset<Row> ranking;

  /**
   * @param ranking with tokens, and for {@link #within(SortedMap)} with group
   */
  PartialRanking(Dataset<Row> ranking) {
    this.ranking = ranking;
  }

  /**
   * A share as a number of samples; others as they are.
   *
   * @param pool samples in the pool
   * @throws UserError if it takes more samples than are ranked
   */
  Budget within(Budget.Whole budget, long pool) {
    if (!(budget instanceof Budget.OfSamples share)) {
      return budget;
    }
    long samples = share.samples(pool);
    long ranked = ranking.count();
    if (samples > ranked) {
      throw beyond(samples + " samples", ranked);
    }
    return new Budget.Count(samples);
  }

  /**
   * The same, group by group.
   *
   * @param held the budgets held against the groups of the pool
   * @throws UserError if a group gives more samples or tokens than are ranked of it
   */
  Budget within(SortedMap<String, GroupBudget> held) {
    Map<String, Row> ranked = ranked(held);
    SortedMap<String, Budget.Whole> budgets = new TreeMap<>();
    held.forEach(
        (group, budget) -> {
          boolean isTokens = budget.budget() instanceof Budget.Tokens;
          Row known = ranked.getOrDefault(group, RowFactory.create(group, 0L, 0L));
          long scored = known.getLong(isTokens ? 2 : 1);
          if (budget.wanted() > scored) {
            String unit = isTokens ? " tokens" : " samples";
            throw beyond(budget.wanted() + unit + " of group " + group, scored);
          }
          budgets.put(group, isTokens ? budget.budget() : new Budget.Count(budget.wanted()));
        });
    return new Budget.ByGroup(budgets);
  }

  /** Group, samples and tokens of each group that is ranked. */
  private Map<String, Row> ranked(SortedMap<String, GroupBudget> held) {
    Map<String, Row> ranked = new HashMap<>();
    ranking
        .filter(functions.col(Columns.GROUP).isInCollection(held.keySet()))
        .groupBy(Columns.GROUP)
        .agg(functions.count(functions.lit(1)), functions.sum(Columns.TOKENS))
        .collectAsList()
        .forEach(row -> ranked.put(row.getString(0), row));
    return ranked;
  }

  private static UserError beyond(String wanted, long ranked) {
    return new UserError(
        "Cannot select " + wanted + ": only " + ranked + " were scored.",
        "Give a smaller budget, or score more: candidates = all scores the whole pool.");
  }
}

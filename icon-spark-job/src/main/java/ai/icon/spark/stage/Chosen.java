package ai.icon.spark.stage;

import ai.icon.selection.GroupBudget;
import ai.icon.selection.RankingOrder;
import ai.icon.selection.ScoreKey;
import ai.icon.spark.rows.Columns;
import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** Which rows of a ranking a budget takes: of each group those down to one place. Immutable. */
public final class Chosen implements Serializable {
  private static final long serialVersionUID = 1L;

  private final RankingOrder order;
  private final TreeMap<String, OrderKey> last;
  private final TreeMap<String, GroupBudget> budgets;
  private final boolean isByGroup;
  private final long collected;

  Chosen(
      RankingOrder order,
      SortedMap<String, OrderKey> last,
      SortedMap<String, GroupBudget> budgets,
      boolean isByGroup,
      long collected) {
    this.order = order;
    this.last = new TreeMap<>(last);
    this.budgets = new TreeMap<>(budgets);
    this.isByGroup = isByGroup;
    this.collected = collected;
  }

  /** The budget of each group held against the group; empty for one that knows no groups. */
  public SortedMap<String, GroupBudget> groups() {
    return isByGroup ? Collections.unmodifiableSortedMap(budgets) : Collections.emptySortedMap();
  }

  /** Rows that the driver looked at one by one. */
  long collected() {
    return collected;
  }

  /** The condition on score and sample_id, by group on group too, that takes the rows. */
  public Column condition() {
    Column id = functions.col(Columns.SAMPLE_ID);
    Column score = functions.col(Columns.SCORE);
    if (isByGroup) {
      UDF3<String, Double, String, Boolean> isTaken = this::takes;
      return functions
          .udf(isTaken, DataTypes.BooleanType)
          .apply(functions.col(Columns.GROUP), score, id);
    }
    OrderKey end = last.get(GlobalCut.WHOLE);
    double threshold = ScoreKey.score(end.first());
    UDF1<String, Boolean> isBefore = one -> takes(GlobalCut.WHOLE, threshold, one);
    // Most rows are decided by their score alone, inside of Spark's generated code.
    return score
        .gt(threshold)
        .or(score.equalTo(threshold).and(functions.udf(isBefore, DataTypes.BooleanType).apply(id)));
  }

  /** Whether a row is taken; its group may be null. */
  boolean takes(String group, double score, String id) {
    OrderKey end = group == null ? null : last.get(group);
    if (end == null) {
      return false;
    }
    int byScore = Long.compareUnsigned(ScoreKey.of(score), end.first());
    return byScore < 0 || (byScore == 0 && OrderKey.ofScore(order, score, id).compareTo(end) <= 0);
  }
}

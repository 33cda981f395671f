package ai.icon.spark.stage;

import ai.icon.error.UserError;
import ai.icon.selection.Budget;
import ai.icon.selection.GroupBudget;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The groups of the pool's samples: the values of one of their own fields. */
final class PoolGroups {
  /** Groups that a message names. */
  private static final int NAMED = 20;

  private final Dataset<Row> samples;
  private final String field;

  PoolGroups(StageContext context) {
    this(context.read(Table.POOL), context.config().selection().groupBy());
  }

  /**
   * @param samples the pool
   * @param field of a sample, whose value is its group
   */
  PoolGroups(Dataset<Row> samples, String field) {
    this.samples = samples;
    this.field = field;
  }

  /** A field of a sample as it came in, as text; null where it has none of that name. */
  static Column field(String name) {
    return functions.get_json_object(functions.col(Columns.RAW), "$['" + name + "']");
  }

  /** A ranking with the group of each sample, null where it has none. */
  Dataset<Row> of(Dataset<Row> ranking) {
    return ranking.join(
        pool().select(functions.col(Columns.SAMPLE_ID), functions.col(Columns.GROUP)),
        Columns.SAMPLE_ID);
  }

  /**
   * Holds budgets against the groups of the pool.
   *
   * @throws UserError if a group has no sample or its budget is no sample
   */
  SortedMap<String, GroupBudget> held(Budget.ByGroup budget) {
    SortedMap<String, GroupBudget> held = new TreeMap<>();
    pool()
        .filter(functions.col(Columns.GROUP).isInCollection(budget.budgets().keySet()))
        .groupBy(Columns.GROUP)
        .agg(functions.count(functions.lit(1)), functions.sum(Columns.TOKENS))
        .collectAsList()
        .forEach(
            row -> {
              String group = row.getString(0);
              held.put(
                  group,
                  GroupBudget.of(
                      group, budget.budgets().get(group), row.getLong(1), row.getLong(2)));
            });
    for (String group : budget.budgets().keySet()) {
      if (!held.containsKey(group)) {
        throw unknown(group);
      }
    }
    return Collections.unmodifiableSortedMap(held);
  }

  private Dataset<Row> pool() {
    return samples.select(
        functions.col(Columns.SAMPLE_ID),
        functions.col(Columns.TOKENS),
        field(field).as(Columns.GROUP));
  }

  private UserError unknown(String group) {
    List<String> groups =
        pool()
            .select(Columns.GROUP)
            .filter(functions.col(Columns.GROUP).isNotNull())
            .distinct()
            .orderBy(Columns.GROUP)
            .limit(NAMED)
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList();
    return groups.isEmpty()
        ? new UserError(
            "Cannot select by group: no sample of the pool has the column \"" + field + "\".",
            "Name the column that holds the group with --group-by.")
        : new UserError(
            "Cannot select from group "
                + group
                + ": no sample of the pool has it in the column \""
                + field
                + "\"; there are "
                + String.join(", ", groups),
            "Name groups that are there in --budget, or another column with --group-by.");
  }
}

package ai.icon.spark.stage;

import ai.icon.error.UserError;
import ai.icon.selection.Budget;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.StageName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/** Cuts the ranking at the budget and writes what is selected, with its own fields. */
final class SelectStage implements Stage {
  private static final String OWN = "own";

  @Override
  public StageName name() {
    return StageName.SELECT;
  }

  @Override
  public SortedMap<String, String> inputs(StageContext context) {
    SortedMap<String, String> inputs = new TreeMap<>();
    Budget budget = context.config().selection().budget();
    inputs.put("selection.budget", budget.text());
    if (budget instanceof Budget.ByGroup) {
      inputs.put("selection.groupBy", context.config().selection().groupBy());
    }
    inputs.put("seed", Long.toString(context.config().seed()));
    return inputs;
  }

  @Override
  public StageOutcome run(StageContext context) throws IOException {
    Budget budget = context.config().selection().budget();
    Dataset<Row> ranking = ranking(context, budget);
    try {
      Chosen chosen = new GlobalCut(ranking, context.config().seed()).at(budget);
      Dataset<Row> selected =
          ranking.filter(chosen.condition()).persist(StorageLevel.MEMORY_AND_DISK());
      try {
        return write(context, budget, chosen, selected);
      } finally {
        selected.unpersist();
      }
    } finally {
      ranking.unpersist();
    }
  }

  private static Dataset<Row> ranking(StageContext context, Budget budget) throws IOException {
    Dataset<Row> ranking = context.read(Table.RANKING);
    if (budget instanceof Budget.ByGroup byGroup) {
      PoolGroups groups = new PoolGroups(context);
      groups.held(byGroup); // names what is there where a group is not
      return groups.of(ranking).persist(StorageLevel.MEMORY_AND_DISK());
    }
    return ranking;
  }

  private static StageOutcome write(
      StageContext context, Budget budget, Chosen chosen, Dataset<Row> selected)
      throws IOException {
    boolean isByGroup = budget instanceof Budget.ByGroup;
    Row sums =
        selected
            .agg(
                functions.count("*"),
                functions.sum(Columns.TOKENS),
                functions.max(Columns.POSITION),
                functions.min(Columns.SCORE))
            .collectAsList()
            .get(0);
    check(sums, isByGroup);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("budget", budget.text());
    figures.put("threshold", sums.getDouble(3));
    if (isByGroup) {
      figures.put("selectionGroups", groups(chosen, selected));
    }
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("selected", write(context, selected));
    counts.put("selectedTokens", sums.getLong(1));
    return new StageOutcome(0, counts, figures);
  }

  /** What each group had, was to give and gave; a shortfall is in the unit of its budget. */
  private static Map<String, Object> groups(Chosen chosen, Dataset<Row> selected) {
    Map<String, Row> taken = new TreeMap<>();
    selected
        .groupBy(Columns.GROUP)
        .agg(functions.count("*"), functions.sum(Columns.TOKENS))
        .collectAsList()
        .forEach(row -> taken.put(row.getString(0), row));
    Map<String, Object> groups = new LinkedHashMap<>();
    chosen
        .groups()
        .forEach(
            (group, budget) -> {
              boolean isTaken = taken.containsKey(group);
              Map<String, Object> figures = new LinkedHashMap<>();
              figures.put("budget", budget.budget().text());
              figures.put("ranked", budget.samples());
              figures.put("selected", isTaken ? taken.get(group).getLong(1) : 0L);
              figures.put("selectedTokens", isTaken ? taken.get(group).getLong(2) : 0L);
              figures.put("shortfall", budget.shortfall());
              groups.put(group, figures);
            });
    return groups;
  }

  /** Two ways to the same set: the cut of a whole ranking must take a head of it. */
  private static void check(Row sums, boolean isByGroup) {
    if (sums.getLong(0) == 0) {
      throw new UserError(
          "Cannot select: the budget is smaller than the first sample of the ranking.",
          "Give a larger --budget.");
    }
    if (sums.getDouble(3) == Double.NEGATIVE_INFINITY) {
      throw new UserError(
          "Cannot select: the budget takes samples that were neither scored nor predicted.",
          "Give a smaller --budget, or score or predict more: --candidates, --selector.");
    }
    if (!isByGroup && sums.getLong(0) != sums.getLong(2)) {
      throw new IllegalStateException(
          "Invalid selection: "
              + sums.getLong(0)
              + " samples down to position "
              + sums.getLong(2)
              + " of the ranking");
    }
  }

  private static long write(StageContext context, Dataset<Row> selected) throws IOException {
    Dataset<Row> raw = context.read(Table.POOL).select(Columns.SAMPLE_ID, Columns.RAW);
    Dataset<Row> joined =
        selected
            .join(raw, selected.col(Columns.SAMPLE_ID).equalTo(raw.col(Columns.SAMPLE_ID)))
            .select(
                selected.col(Columns.POSITION),
                selected.col(Columns.SAMPLE_ID),
                selected.col(Columns.SCORE),
                selected.col(Columns.ORIGIN),
                raw.col(Columns.RAW));
    StructType own =
        context.spark().read().json(joined.select(Columns.RAW).as(Encoders.STRING())).schema();
    JavaPairRDD<OrderKey, Row> rows =
        joined
            .withColumn(OWN, functions.from_json(functions.col(Columns.RAW), own))
            .drop(Columns.RAW)
            .javaRDD()
            .mapToPair(row -> new Tuple2<>(OrderKey.ofPosition(row.getLong(0)), flat(row)));
    return new OrderedWrite(context, Table.SELECTION, Table.selection(own))
        .write(rows, ranges(selected.count()));
  }

  private static Row flat(Row row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      values.add(row.get(i));
    }
    Row own = row.getStruct(4);
    for (int i = 0; i < own.length(); i++) {
      values.add(own.get(i));
    }
    return RowFactory.create(values.toArray());
  }

  private static KeyPartitioner ranges(long rows) {
    List<Long> boundaries = new ArrayList<>();
    for (long first = OrderedWrite.ROWS_PER_FILE + 1;
        first <= rows;
        first += OrderedWrite.ROWS_PER_FILE) {
      boundaries.add(first);
    }
    return new KeyPartitioner(boundaries);
  }
}

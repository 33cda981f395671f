package ai.icon.spark.stage;

import ai.icon.error.UserError;
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
    inputs.put("selection.budget", context.config().selection().budget().text());
    inputs.put("seed", Long.toString(context.config().seed()));
    return inputs;
  }

  @Override
  public StageOutcome run(StageContext context) throws IOException {
    Dataset<Row> ranking = context.read(Table.RANKING);
    GlobalCut.Chosen chosen =
        new GlobalCut(ranking, context.config().seed()).at(context.config().selection().budget());
    Dataset<Row> selected =
        ranking
            .filter(
                (org.apache.spark.api.java.function.FilterFunction<Row>)
                    row ->
                        chosen.takes(
                            row.getAs(Columns.SAMPLE_ID), row.<Double>getAs(Columns.SCORE)))
            .cache();
    Row sums =
        selected
            .agg(
                functions.count("*"),
                functions.sum(Columns.TOKENS),
                functions.max(Columns.POSITION),
                functions.min(Columns.SCORE))
            .collectAsList()
            .get(0);
    check(sums);
    long written = write(context, selected);
    selected.unpersist();
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("selected", written);
    counts.put("selectedTokens", sums.getLong(1));
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("budget", context.config().selection().budget().text());
    figures.put("threshold", sums.getDouble(3));
    return new StageOutcome(0, counts, figures);
  }

  /** Two ways to the same set: the histogram's filter must take a head of the ranking. */
  private static void check(Row sums) {
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
    if (sums.getLong(0) != sums.getLong(2)) {
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

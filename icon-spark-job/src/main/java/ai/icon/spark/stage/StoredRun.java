package ai.icon.spark.stage;

import ai.icon.error.UserError;
import ai.icon.selection.Budget;
import ai.icon.selection.Origin;
import ai.icon.selection.RankBy;
import ai.icon.selection.Ranking;
import ai.icon.selection.RankingOrder;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.SettingLayers;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.Tables;
import ai.icon.spark.run.RunFolder;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * What a finished run gives again, and what it gives under other group weights and budgets: from
 * the stored pairs, without the model and without a write.
 */
public final class StoredRun {
  private static final String OWN = "own";

  private final SparkSession spark;
  private final RunFolder folder;

  /**
   * @param spark the caller's
   * @param folder of a run; what its stages left can be read
   */
  public StoredRun(SparkSession spark, RunFolder folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /** The settings that the run was made with. */
  public RunConfig config() {
    try {
      String stored =
          folder
              .settings()
              .orElseThrow(
                  () ->
                      new UserError(
                          "Cannot read the settings of " + folder.root() + ": there are none yet.",
                          "Name a run folder in which a stage was run."));
      return RunConfig.load(SettingLayers.defaults().stored(stored));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The manifest as text. */
  public String manifest() {
    try {
      return new ObjectMapper()
          .writerWithDefaultPrettyPrinter()
          .writeValueAsString(folder.manifest().read().orElse(Map.of()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A table as the run left it; the order of its rows is not defined.
   *
   * @throws UserError if the stage that writes it has not run
   */
  public Dataset<Row> table(Table table) {
    return Tables.read(spark, folder.table(table), table);
  }

  /** The selection with the samples' own fields. */
  public Dataset<Row> selection() {
    return spark.read().parquet(folder.table(Table.SELECTION).toString());
  }

  /**
   * The contributions under other group weights (method.md, Global contribution).
   *
   * @param weights by group; the others count 1
   * @throws UserError if a group is unknown, a weight is negative or not finite, or all are 0
   */
  public Dataset<Row> contributions(Map<String, Double> weights) {
    return new StoredPairs(spark, folder).contributions(weights);
  }

  /**
   * The scored samples in order, by what was measured.
   *
   * @param weights as for {@link #contributions}
   */
  public Dataset<Row> ranking(Map<String, Double> weights) {
    RankingOrder order = new RankingOrder(config().seed());
    Dataset<Row> pool = table(Table.POOL).select(Columns.SAMPLE_ID, Columns.TOKENS);
    JavaRDD<Row> rows =
        contributions(weights)
            .select(Columns.SAMPLE_ID, Columns.CONTRIBUTION, Columns.STANDARD_ERROR)
            .join(pool, Columns.SAMPLE_ID)
            .javaRDD()
            .mapToPair(
                row -> {
                  String id = row.getString(0);
                  double score =
                      Ranking.score(
                          row.getDouble(1),
                          row.getDouble(2),
                          Double.NaN,
                          Double.NaN,
                          RankBy.MEASURED);
                  return new Tuple2<>(OrderKey.ofScore(order, score, id), ranked(row, score));
                })
            .sortByKey()
            .values()
            .zipWithIndex()
            .map(StoredRun::numbered);
    return spark.createDataFrame(rows, Table.RANKING.schema());
  }

  private static Row ranked(Row row, double score) {
    double measured = row.getDouble(1);
    return RowFactory.create(
        row.getString(0),
        score,
        Double.isNaN(measured) ? null : measured,
        null,
        Origin.SCORED.text(),
        row.getInt(3));
  }

  private static Row numbered(Tuple2<Row, Long> ranked) {
    Object[] values = new Object[ranked._1().length() + 1];
    values[0] = ranked._2() + 1;
    for (int i = 1; i < values.length; i++) {
      values[i] = ranked._1().get(i - 1);
    }
    return RowFactory.create(values);
  }

  /**
   * What a budget takes of a ranking, with the samples' own fields, in the order of the ranking.
   *
   * @param ranking of all of the pool or a part of it
   * @param budget a share is one of the pool
   * @throws UserError if it takes more than the ranking knows
   */
  public Dataset<Row> selection(Dataset<Row> ranking, Budget budget) {
    return withOwnFields(selected(ranking, budget));
  }

  /** As {@link #selection(Dataset, Budget)}, in the columns of the ranking. */
  public Dataset<Row> selected(Dataset<Row> ranking, Budget budget) {
    Dataset<Row> grouped = ranking;
    Budget within;
    if (budget instanceof Budget.ByGroup byGroup) {
      PoolGroups groups = new PoolGroups(table(Table.POOL), config().selection().groupBy());
      grouped = groups.of(ranking);
      within = new PartialRanking(grouped).within(groups.held(byGroup));
    } else {
      long pool = table(Table.POOL).count();
      within = new PartialRanking(ranking).within((Budget.Whole) budget, pool);
    }
    Chosen chosen = new GlobalCut(grouped, config().seed()).at(within);
    Dataset<Row> selected =
        grouped
            .filter(chosen.condition())
            .select(Arrays.stream(ranking.columns()).map(functions::col).toArray(Column[]::new));
    if (!selected
        .filter(functions.col(Columns.SCORE).equalTo(Double.NEGATIVE_INFINITY))
        .isEmpty()) {
      throw new UserError(
          "Cannot select: the budget takes samples that were neither scored nor predicted.",
          "Give a smaller budget, or score or predict more: candidates, selector.");
    }
    return selected;
  }

  private Dataset<Row> withOwnFields(Dataset<Row> selected) {
    Dataset<Row> joined =
        selected
            .join(table(Table.POOL).select(Columns.SAMPLE_ID, Columns.RAW), Columns.SAMPLE_ID)
            .select(
                Columns.POSITION, Columns.SAMPLE_ID, Columns.SCORE, Columns.ORIGIN, Columns.RAW);
    StructType own = spark.read().json(joined.select(Columns.RAW).as(Encoders.STRING())).schema();
    List<Column> columns = new ArrayList<>();
    String[] names = Table.selection(own).fieldNames();
    for (int i = 0; i < names.length; i++) {
      columns.add(
          i < 4
              ? functions.col(names[i])
              : functions.col(OWN).getField(own.fieldNames()[i - 4]).as(names[i]));
    }
    return joined
        .withColumn(OWN, functions.from_json(functions.col(Columns.RAW), own))
        .orderBy(Columns.POSITION)
        .select(columns.toArray(Column[]::new));
  }
}

package ai.icon.spark.ml;

import ai.icon.error.UserError;
import ai.icon.selection.Budget;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.StageName;
import ai.icon.spark.stage.StoredRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * A run folder as data frames. What needs other group weights or another budget is computed from
 * the stored pairs: no model is loaded, and nothing is written. {@code docs/tables.md} has the
 * columns of every table. Immutable and thread-safe.
 */
public final class IconRun {
  /** Whether the budget takes a sample. */
  static final String SELECTED = "selected";

  private final RunFolder folder;
  private final StoredRun stored;

  private IconRun(SparkSession spark, RunFolder folder) {
    this.folder = folder;
    this.stored = new StoredRun(spark, folder);
  }

  static IconRun open(SparkSession spark, String location) {
    return new IconRun(spark, RunFolder.open(location, spark.sparkContext().hadoopConfiguration()));
  }

  /** Where it lies, with its scheme. */
  public String folder() {
    return folder.root().toString();
  }

  /** The samples that may be selected. */
  public Dataset<Row> pool() {
    return stored.table(Table.POOL);
  }

  /** The assessed examples. */
  public Dataset<Row> assessment() {
    return stored.table(Table.ASSESSMENT);
  }

  /** One row for each candidate and assessed example, losses in nats per token. */
  public Dataset<Row> pairs() {
    return stored.table(Table.PAIRS);
  }

  /** One row for each scored candidate. */
  public Dataset<Row> contributions() {
    return stored.table(Table.CONTRIBUTIONS);
  }

  /**
   * The contributions that other group weights would have given.
   *
   * @param groupWeights by group, from 0; groups not named weigh 1
   * @throws UserError if a group is unknown, a weight is negative, or all are 0
   */
  public Dataset<Row> contributions(Map<String, Double> groupWeights) {
    return stored.contributions(groupWeights);
  }

  /** The pool in order. */
  public Dataset<Row> ranking() {
    return stored.table(Table.RANKING);
  }

  /**
   * The scored candidates in the order that other group weights give, by what was measured. What
   * the selector predicts of the other samples was learnt from the run's own weights and is left
   * out: score with {@code candidates = all} to rank the whole pool this way.
   *
   * @param groupWeights as for {@link #contributions(Map)}
   */
  public Dataset<Row> ranking(Map<String, Double> groupWeights) {
    return stored.ranking(groupWeights);
  }

  /** What the run selected: position, sample_id, score, origin, then the samples' own fields. */
  public Dataset<Row> selection() {
    return stored.selection();
  }

  /**
   * What another budget takes of the run's ranking, in the columns of {@link #selection()} and in
   * the order of the ranking.
   *
   * @param budget {@code 15%} of the pool, {@code 5000} samples or {@code 2000000tokens}, or one of
   *     these for each group of the run's {@code selection.groupBy}: {@code group:cot=500,niv=10%}
   * @throws UserError if it is no budget, or takes samples of which nothing is known
   */
  public Dataset<Row> selection(String budget) {
    return stored.selection(ranking(), Budget.parse(budget));
  }

  /**
   * What another budget takes of the ranking that other group weights give.
   *
   * @param budget as above; shares are of the whole pool
   * @param groupWeights as for {@link #contributions(Map)}
   * @throws UserError as above, and if the budget takes more than was scored
   */
  public Dataset<Row> selection(String budget, Map<String, Double> groupWeights) {
    return stored.selection(ranking(groupWeights), Budget.parse(budget));
  }

  /** {@code manifest.json} as text: what went in, what came out. */
  public String manifest() {
    return stored.manifest();
  }

  RunConfig config() {
    return stored.config();
  }

  /**
   * What the run's budget takes, with the columns of the frame it was taken from. Cut again from
   * the ranking and not read from the selection, which a later call may write anew.
   */
  Dataset<Row> selectedFrom(SampleFrame frame) {
    return frame.selected(
        stored.selected(ranking(), config().selection().budget()),
        pool().select(Columns.SAMPLE_ID, Columns.RAW),
        config().pool());
  }

  /** The ranking with a column that says what the run's budget takes. */
  Dataset<Row> marked() {
    Dataset<Row> taken =
        stored
            .selected(ranking(), config().selection().budget())
            .select(functions.col(Columns.SAMPLE_ID), functions.lit(true).as(SELECTED));
    return ranking()
        .join(taken, Columns.SAMPLE_ID, "left_outer")
        .select(
            functions.col(Columns.SAMPLE_ID),
            functions.col(Columns.POSITION),
            functions.col(Columns.SCORE),
            functions.col(Columns.MEASURED),
            functions.col(Columns.PREDICTED),
            functions.col(Columns.ORIGIN),
            functions.coalesce(functions.col(SELECTED), functions.lit(false)).as(SELECTED));
  }

  /** Whether the samples of this run are those of a frame. */
  boolean isOf(SampleFrame frame) {
    try {
      return folder
          .record(StageName.INGEST)
          .map(record -> record.inputs().values().stream().anyMatch(frame::isNamedIn))
          .orElse(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

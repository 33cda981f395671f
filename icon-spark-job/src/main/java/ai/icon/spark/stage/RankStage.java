package ai.icon.spark.stage;

import ai.icon.error.UserError;
import ai.icon.selection.Origin;
import ai.icon.selection.RankBy;
import ai.icon.selection.Ranking;
import ai.icon.selection.RankingOrder;
import ai.icon.selection.ScoreHistogram;
import ai.icon.spark.config.SelectorConfig;
import ai.icon.spark.executor.DeviceUse;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.ShardMarker;
import ai.icon.spark.run.ShardSet;
import ai.icon.spark.run.StageName;
import java.io.IOException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/** Gives every sample of the pool a score and puts the pool in order. */
final class RankStage implements Stage {
  /** Rows that the correlation of score and length is taken over, at the most. */
  private static final int CORRELATED = 100_000;

  @Override
  public StageName name() {
    return StageName.RANK;
  }

  @Override
  public SortedMap<String, String> inputs(StageContext context) {
    SortedMap<String, String> inputs = new TreeMap<>();
    inputs.put("rank.by", context.config().rank().by().setting());
    // Predictions are cut by it: shards of two cuts would hold rows twice or not at all.
    inputs.put("score.shardTokens", Long.toString(context.config().score().shardTokens()));
    inputs.put("seed", Long.toString(context.config().seed()));
    return inputs;
  }

  @Override
  public StageOutcome run(StageContext context) throws IOException {
    boolean predicts = TrainStage.isNeeded(context);
    double signalVariance = Double.NaN;
    long tokens = 0;
    List<DeviceUse> devices = List.of();
    if (predicts) {
      SelectorFolder selector = new SelectorFolder(context);
      if (!selector.exists()) {
        throw new UserError(
            "Cannot rank by prediction: the selector was not trained, because every sample was"
                + " measured and the ranking was to go by that.",
            "Use icon run --rank-by predicted --redo train.");
      }
      signalVariance = selector.report().signalVariance();
      devices = new Predictions(context).complete(selector.selector());
      tokens = tokens(context);
    }
    RankingOrder order = new RankingOrder(context.config().seed());
    Score score = new Score(order, context.config().rank().by(), signalVariance, predicts);
    JavaPairRDD<OrderKey, Row> scored =
        known(context, predicts)
            .javaRDD()
            .mapToPair(score::keyed)
            .persist(StorageLevel.MEMORY_AND_DISK());
    long ranked;
    try {
      ranked = write(context, scored);
    } finally {
      scored.unpersist();
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("scoreLengthRankCorrelation", lengthCorrelation(context));
    figures.put("predictingDevices", DeviceUse.summed(devices));
    return new StageOutcome(tokens, Map.of("ranked", ranked), figures);
  }

  private static long write(StageContext context, JavaPairRDD<OrderKey, Row> scored)
      throws IOException {
    ScoreHistogram histogram =
        scored.values().treeAggregate(new ScoreHistogram(), RankStage::add, ScoreHistogram::merge);
    int files = OrderedWrite.files(histogram.count());
    return new OrderedWrite(context, Table.RANKING)
        .writeNumbered(scored, new KeyPartitioner(histogram.boundaries(files)));
  }

  private static ScoreHistogram add(ScoreHistogram histogram, Row row) {
    // Columns of the ranking without its position: id, score, measured, predicted, origin, tokens.
    return histogram.add(row.getDouble(1), row.getInt(5));
  }

  private static long tokens(StageContext context) throws IOException {
    boolean forwards = context.config().selector().kind() == SelectorConfig.Kind.PROBE;
    return forwards
        ? context.folder().commits(ShardSet.PREDICTIONS).committedMarkers().values().stream()
            .mapToLong(ShardMarker::tokens)
            .sum()
        : 0;
  }

  /** Everything known of each sample: id, tokens, predicted, measured, standard error. */
  private static Dataset<Row> known(StageContext context, boolean predicts) {
    Dataset<Row> samples =
        predicts
            ? context.read(Table.PREDICTIONS)
            : context
                .read(Table.POOL)
                .withColumn(
                    Columns.PREDICTED, functions.lit(Double.NaN).cast(DataTypes.DoubleType));
    Dataset<Row> measured =
        context
            .read(Table.CONTRIBUTIONS)
            .select(Columns.SAMPLE_ID, Columns.CONTRIBUTION, Columns.STANDARD_ERROR);
    List<String> joinColumns = List.of(Columns.SAMPLE_ID);
    return samples
        .select(Columns.SAMPLE_ID, Columns.TOKENS, Columns.PREDICTED)
        .join(
            measured,
            samples.col(joinColumns.get(0)).equalTo(measured.col(Columns.SAMPLE_ID)),
            "left_outer")
        .select(
            samples.col(Columns.SAMPLE_ID),
            samples.col(Columns.TOKENS),
            functions.col(Columns.PREDICTED),
            functions.col(Columns.CONTRIBUTION),
            functions.col(Columns.STANDARD_ERROR));
  }

  /** From what is known to a row of the ranking, on an executor. */
  private record Score(RankingOrder order, RankBy by, double signalVariance, boolean predicts)
      implements Serializable {

    Tuple2<OrderKey, Row> keyed(Row known) {
      String id = known.getString(0);
      double predicted = known.getDouble(2);
      boolean isScored = !known.isNullAt(3);
      double measured = isScored ? known.getDouble(3) : Double.NaN;
      double error = isScored ? known.getDouble(4) : Double.NaN;
      double score = Ranking.score(measured, error, predicted, signalVariance, by);
      Row row =
          RowFactory.create(
              id,
              score,
              Double.isNaN(measured) ? null : measured,
              predicts ? predicted : null,
              (isScored ? Origin.SCORED : Origin.PREDICTED).text(),
              known.getInt(1));
      return new Tuple2<>(OrderKey.ofScore(order, score, id), row);
    }
  }

  /** Spearman's, over the pool or a seeded part of it; NaN where one of them is constant. */
  private static double lengthCorrelation(StageContext context) {
    List<Row> rows =
        context
            .read(Table.RANKING)
            .filter(functions.col(Columns.SCORE).gt(Double.NEGATIVE_INFINITY))
            .select(Columns.SAMPLE_ID, Columns.SCORE, Columns.TOKENS)
            .orderBy(
                functions.xxhash64(functions.col(Columns.SAMPLE_ID)),
                functions.col(Columns.SAMPLE_ID))
            .limit(CORRELATED)
            .collectAsList();
    if (rows.size() < 2) {
      return Double.NaN;
    }
    return new SpearmansCorrelation()
        .correlation(
            rows.stream().mapToDouble(row -> row.getDouble(1)).toArray(),
            rows.stream().mapToDouble(row -> row.getInt(2)).toArray());
  }
}

package ai.icon.spark.stage;

import ai.icon.selection.RankingOrder;
import ai.icon.selection.ScoreBins;
import ai.icon.selection.ScoreHistogram;
import ai.icon.selection.ScoreKey;
import ai.icon.spark.rows.Columns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Passes over a ranked table, each reading the columns it needs and no more. Rows are counted by
 * Spark's own aggregation, whose memory is bounded: only bins reach the driver.
 */
final class BinCounts {
  private static final String BIN = "bin";

  private final Dataset<Row> rows;
  private final RankingOrder order;
  private final boolean isByGroup;

  private BinCounts(Dataset<Row> rows, RankingOrder order, boolean isByGroup) {
    this.rows = rows;
    this.order = order;
    this.isByGroup = isByGroup;
  }

  static BinCounts ofWhole(Dataset<Row> rows, RankingOrder order) {
    return new BinCounts(rows, order, false);
  }

  static BinCounts ofGroups(Dataset<Row> rows, RankingOrder order) {
    return new BinCounts(rows, order, true);
  }

  /**
   * A row near the end of a budget.
   *
   * @param place where it stands in the ranking
   * @param tokens its length
   */
  record Member(OrderKey place, long tokens) {}

  /** Counts by score, for the groups that have bins, among the rows that a condition lets pass. */
  SortedMap<String, ScoreHistogram> byScore(Map<String, ScoreBins> bins, Column condition) {
    Column score = functions.col(Columns.SCORE);
    Column bin;
    if (isByGroup) {
      Map<String, ScoreBins> byGroup = new TreeMap<>(bins);
      UDF2<String, Double, Integer> binOf =
          (group, value) -> {
            ScoreBins ofGroup = byGroup.get(group);
            return ofGroup == null ? ScoreBins.OUTSIDE : ofGroup.of(ScoreKey.of(value));
          };
      bin = functions.udf(binOf, DataTypes.IntegerType).apply(group(), score);
    } else {
      ScoreBins all = bins.get(GlobalCut.WHOLE);
      UDF1<Double, Integer> binOf = value -> all.of(ScoreKey.of(value));
      bin = functions.udf(binOf, DataTypes.IntegerType).apply(score);
    }
    return counted(rows.filter(condition), bin, bins);
  }

  /** Counts by the hash that breaks ties, inside the one score of each boundary. */
  SortedMap<String, ScoreHistogram> byTie(
      Map<String, Boundary> boundaries, Map<String, ScoreBins> bins) {
    Map<String, Boundary> byGroup = new TreeMap<>(boundaries);
    Map<String, ScoreBins> binsOf = new TreeMap<>(bins);
    RankingOrder ties = order;
    UDF3<String, Double, String, Integer> binOf =
        (group, score, id) -> {
          Boundary boundary = byGroup.get(group);
          return boundary == null || !boundary.score().isInBin(score)
              ? ScoreBins.OUTSIDE
              : binsOf.get(group).of(ties.tieBreak(id));
        };
    Column bin =
        functions
            .udf(binOf, DataTypes.IntegerType)
            .apply(group(), functions.col(Columns.SCORE), functions.col(Columns.SAMPLE_ID));
    return counted(rows.filter(scores(boundaries.values())), bin, bins);
  }

  private SortedMap<String, ScoreHistogram> counted(
      Dataset<Row> passing, Column bin, Map<String, ScoreBins> bins) {
    SortedMap<String, ScoreHistogram> histograms = new TreeMap<>();
    List<Row> counts =
        passing
            .select(group().as(Columns.GROUP), bin.as(BIN), functions.col(Columns.TOKENS))
            .groupBy(Columns.GROUP, BIN)
            .agg(functions.count(functions.lit(1)), functions.sum(Columns.TOKENS))
            .collectAsList();
    for (Row count : counts) {
      if (count.getInt(1) != ScoreBins.OUTSIDE) {
        String group = count.getString(0);
        histograms
            .computeIfAbsent(group, one -> new ScoreHistogram(bins.get(one)))
            .addBin(count.getInt(1), count.getLong(2), count.getLong(3));
      }
    }
    return histograms;
  }

  /** The rows that boundaries hold, in the order of the ranking. */
  SortedMap<String, List<Member>> members(Map<String, Boundary> boundaries) {
    Map<String, Boundary> byGroup = new TreeMap<>(boundaries);
    RankingOrder ties = order;
    UDF3<String, Double, String, Boolean> isHeld =
        (group, score, id) -> {
          Boundary boundary = byGroup.get(group);
          return boundary != null
              && boundary.holds(score, boundary.isTied() ? ties.tieBreak(id) : 0);
        };
    Column held =
        functions
            .udf(isHeld, DataTypes.BooleanType)
            .apply(group(), functions.col(Columns.SCORE), functions.col(Columns.SAMPLE_ID));
    SortedMap<String, List<Member>> members = new TreeMap<>();
    rows.filter(scores(boundaries.values()))
        .filter(held)
        .select(
            group().as(Columns.GROUP),
            functions.col(Columns.SAMPLE_ID),
            functions.col(Columns.SCORE),
            functions.col(Columns.TOKENS))
        .collectAsList()
        .forEach(
            row ->
                members
                    .computeIfAbsent(row.getString(0), group -> new ArrayList<>())
                    .add(
                        new Member(
                            OrderKey.ofScore(order, row.getDouble(2), row.getString(1)),
                            row.getInt(3))));
    members
        .values()
        .forEach(group -> group.sort((one, other) -> one.place().compareTo(other.place())));
    return members;
  }

  /** The scores that boundaries span together: what lets Parquet pass over whole row groups. */
  static Column scores(Collection<Boundary> boundaries) {
    Column score = functions.col(Columns.SCORE);
    Column within = functions.lit(true);
    boolean isBoundBelow = boundaries.stream().noneMatch(one -> Double.isNaN(one.worst()));
    boolean isBoundAbove = boundaries.stream().noneMatch(one -> Double.isNaN(one.best()));
    if (isBoundBelow) {
      double worst = boundaries.stream().mapToDouble(Boundary::worst).min().orElseThrow();
      within = within.and(score.geq(worst));
    }
    if (isBoundAbove) {
      double best = boundaries.stream().mapToDouble(Boundary::best).max().orElseThrow();
      within = within.and(score.leq(best));
    }
    return within;
  }

  private Column group() {
    return isByGroup ? functions.col(Columns.GROUP) : functions.lit(GlobalCut.WHOLE);
  }
}

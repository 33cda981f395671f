package ai.icon.spark.stage;

import ai.icon.selection.Budget;
import ai.icon.selection.Cut;
import ai.icon.selection.Origin;
import ai.icon.selection.RankedSample;
import ai.icon.selection.RankingOrder;
import ai.icon.selection.ScoreHistogram;
import ai.icon.selection.Selection;
import ai.icon.spark.rows.Columns;
import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The exact best of a ranked table under a budget without sorting it: a histogram of an
 * order-preserving key finds the bin in which the budget ends, that bin alone is collected, and the
 * rest is a filter.
 */
final class GlobalCut {
  /** Samples of the boundary bin that the driver takes; a fuller bin is divided first. */
  private static final long COLLECTED = 100_000;

  private final Dataset<Row> ranking;
  private final RankingOrder order;
  private final long collected;

  /**
   * @param ranking with sample_id, score and tokens
   * @param seed the run's, for ties
   */
  GlobalCut(Dataset<Row> ranking, long seed) {
    this(ranking, seed, COLLECTED);
  }

  /** With another bound on what the driver takes. */
  GlobalCut(Dataset<Row> ranking, long seed, long collected) {
    this.collected = collected;
    this.ranking = ranking.select(Columns.SAMPLE_ID, Columns.SCORE, Columns.TOKENS);
    this.order = new RankingOrder(seed);
  }

  /**
   * Which rows a budget takes.
   *
   * @param cut where it ends
   * @param inBin the samples of the boundary bin that it still takes
   */
  record Chosen(Cut cut, Set<String> inBin) implements Serializable {
    boolean takes(String id, double score) {
      return cut.isAbove(score) || (cut.isInBin(score) && inBin.contains(id));
    }
  }

  /** Cuts at a budget. */
  Chosen at(Budget budget) {
    ScoreHistogram histogram = histogram(new ScoreHistogram());
    boolean byTokens = budget instanceof Budget.Tokens;
    long wanted =
        budget instanceof Budget.Tokens tokens
            ? tokens.within(histogram.weight())
            : ((Budget.OfSamples) budget).samples(histogram.count());
    Cut cut = byTokens ? histogram.cutByWeight(wanted) : histogram.cut(wanted);
    while (cut.inBin() > collected && cut.firstKey() != cut.lastKey() && cut.remaining() > 0) {
      // The finer histogram holds the boundary bin alone: only what is left of the budget is cut.
      histogram = histogram(histogram.refine(cut));
      cut = byTokens ? histogram.cutByWeight(cut.remaining()) : histogram.cut(cut.remaining());
    }
    return new Chosen(cut, best(cut, budget));
  }

  private ScoreHistogram histogram(ScoreHistogram empty) {
    return ranking
        .javaRDD()
        .treeAggregate(
            empty,
            (histogram, row) -> histogram.add(row.getDouble(1), row.getInt(2)),
            ScoreHistogram::merge);
  }

  private Set<String> best(Cut cut, Budget budget) {
    JavaRDD<Row> inBin = ranking.javaRDD().filter(row -> cut.isInBin(row.getDouble(1)));
    Map<String, Long> tokens = new HashMap<>();
    List<RankedSample> samples =
        inBin.collect().stream()
            .map(
                row -> {
                  tokens.put(row.getString(0), (long) row.getInt(2));
                  double score = row.getDouble(1);
                  return new RankedSample(
                      row.getString(0), score, score, Double.NaN, Origin.SCORED);
                })
            .toList();
    List<RankedSample> best =
        budget instanceof Budget.Tokens
            ? Selection.withinTokens(
                samples, cut.remaining(), sample -> tokens.get(sample.id()), order)
            : Selection.best(samples, cut.remaining(), order);
    Set<String> ids = new HashSet<>();
    best.forEach(sample -> ids.add(sample.id()));
    return ids;
  }
}

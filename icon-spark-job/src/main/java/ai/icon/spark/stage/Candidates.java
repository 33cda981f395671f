package ai.icon.spark.stage;

import ai.icon.sample.SeededHash;
import ai.icon.spark.config.ScoreConfig;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.ShardPlan;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Which samples are scored: those of the lowest seeded hash, so that neither order nor cluster
 * decides. The driver holds ids and lengths. Texts go from the pool to the tasks, by one scan of
 * the pool and one shuffle of the candidates that are still to be scored.
 */
final class Candidates {
  private final StageContext context;
  private final int maxTokens;
  private final List<Planned> planned;
  private final Draw draw;

  private Candidates(StageContext context, int maxTokens, List<Planned> planned, Draw draw) {
    this.context = context;
    this.maxTokens = maxTokens;
    this.planned = planned;
    this.draw = draw;
  }

  /**
   * A candidate as the driver knows it.
   *
   * @param place in the pool's order
   * @param tokens its length after all cuts, tokens
   */
  record Planned(OrderKey place, int tokens) {
    String id() {
      return place.id();
    }
  }

  /**
   * A sample as the draw sees it.
   *
   * @param place in the order of the draw
   * @param tokens its length in the pool
   */
  private record Drawn(OrderKey place, int tokens) implements Comparable<Drawn>, Serializable {
    @Override
    public int compareTo(Drawn other) {
      return place.compareTo(other.place);
    }
  }

  /**
   * What was drawn, as a rule that travels: everything down to one place in the order of the draw.
   *
   * @param hash that order
   * @param last the last that was drawn; null where all were
   */
  private record Draw(SeededHash hash, OrderKey last) implements Serializable {
    boolean takes(String id) {
      return last == null || OrderKey.ofSample(hash, id).compareTo(last) <= 0;
    }
  }

  /**
   * Draws the candidates.
   *
   * @param maxTokens the longest demonstration that fits in front of every assessed example
   */
  static Candidates draw(StageContext context, int maxTokens) {
    int wanted = context.config().score().candidates();
    SeededHash hash = new SeededHash(context.config().seed(), "candidates");
    Dataset<Row> lengths = context.read(Table.POOL).select(Columns.SAMPLE_ID, Columns.TOKENS);
    SeededHash poolOrder = Inputs.poolOrder();
    List<Planned> planned = new ArrayList<>();
    OrderKey last = null;
    if (wanted == ScoreConfig.ALL) {
      Iterator<Row> rows = lengths.toLocalIterator(); // a partition of the pool at a time
      while (rows.hasNext()) {
        Row row = rows.next();
        planned.add(planned(poolOrder, row.getString(0), row.getInt(1), maxTokens));
      }
    } else {
      List<Drawn> drawn =
          lengths
              .javaRDD()
              .map(row -> new Drawn(OrderKey.ofSample(hash, row.getString(0)), row.getInt(1)))
              .takeOrdered(wanted);
      drawn.forEach(
          one -> planned.add(planned(poolOrder, one.place().id(), one.tokens(), maxTokens)));
      last = drawn.get(drawn.size() - 1).place();
    }
    planned.sort(Comparator.comparing(Planned::place));
    return new Candidates(context, maxTokens, planned, new Draw(hash, last));
  }

  private static Planned planned(SeededHash poolOrder, String id, int tokens, int maxTokens) {
    return new Planned(OrderKey.ofSample(poolOrder, id), Math.min(tokens, maxTokens));
  }

  /** In the order of the pool. */
  List<Planned> planned() {
    return planned;
  }

  /**
   * The candidates of some shards with their texts: one partition a shard, in the plan's order.
   *
   * @param shards of a plan over {@link #planned}
   */
  JavaRDD<Tuple2<Integer, List<Candidate>>> texts(List<ShardPlan.Shard> shards) {
    ShardRanges ranges = ShardRanges.of(shards, planned);
    Draw drawn = draw;
    int longest = maxTokens;
    JavaPairRDD<OrderKey, Candidate> wanted =
        context
            .read(Table.POOL)
            .select(
                Columns.SAMPLE_ID,
                Columns.PROMPT,
                Columns.RESPONSE,
                Columns.ENDING,
                Columns.TOKENS,
                Columns.CUT)
            .javaRDD()
            .mapToPair(
                row -> new Tuple2<>(OrderKey.ofSample(Inputs.poolOrder(), row.getString(0)), row))
            .filter(pair -> ranges.holds(pair._1()) && drawn.takes(pair._1().id()))
            .mapValues(row -> candidate(row, longest));
    return wanted
        .repartitionAndSortWithinPartitions(ranges)
        .mapPartitionsWithIndex((range, rows) -> ranges.shard(range, rows), true);
  }

  private static Candidate candidate(Row row, int maxTokens) {
    int tokens = row.<Integer>getAs(Columns.TOKENS);
    return new Candidate(
        row.getAs(Columns.SAMPLE_ID),
        SampleRows.demonstration(row),
        Math.min(tokens, maxTokens),
        tokens > maxTokens || row.<Boolean>getAs(Columns.CUT));
  }
}

package ai.icon.spark.bench;

import static java.util.Objects.requireNonNull;

import ai.icon.selection.Budget;
import ai.icon.selection.RankingOrder;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.stage.GlobalCut;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * The cut of a ranking against Spark's own sort and limit, on the same Parquet files in the same
 * session, by turns. Both must take the same rows.
 *
 * @param rows of the ranking
 * @param share what is taken
 * @param rounds how often each way is measured
 * @param groups of the case by group
 */
public record TopKBenchmark(long rows, Budget.Share share, int rounds, int groups)
    implements Benchmark {
  private static final long SEED = 1;
  private static final int FILES = 16;
  private static final int WARM_UP_SHARE = 20;

  /** Below this limit Spark collects in one heap instead of sorting, and runs out of it. */
  private static final String SORT_FROM = "spark.sql.execution.topKSortFallbackThreshold";

  /** Checks that there is something to take. */
  public TopKBenchmark {
    requireNonNull(share, "share");
    if (rows < 100 || rounds < 1 || groups < 1) {
      throw new IllegalArgumentException(
          "Invalid benchmark: at least 100 rows, 1 round and 1 group, got %d, %d and %d"
              .formatted(rows, rounds, groups));
    }
  }

  /** What both ways have to agree on. */
  private record Taken(long rows, long tokens, long checksum) {
    static Taken of(Dataset<Row> taken) {
      // Exclusive or: a sum would overflow, and where Spark checks that, fail.
      Row sums =
          taken
              .agg(
                  functions.count(functions.lit(1)),
                  functions.sum(Columns.TOKENS),
                  functions.expr("bit_xor(xxhash64(" + Columns.SAMPLE_ID + "))"))
              .collectAsList()
              .get(0);
      return new Taken(sums.getLong(0), sums.getLong(1), sums.getLong(2));
    }
  }

  private record Case(String name, Supplier<Taken> cut, Supplier<Taken> sort) {}

  @Override
  public ObjectNode run(SparkSession spark, Path work, PrintStream lines) throws IOException {
    spark.conf().set(SORT_FROM, "1");
    ObjectNode figures = new ObjectMapper().createObjectNode();
    figures.put("benchmark", "topk").put("rows", rows).put("share", share.fraction().doubleValue());
    Dataset<Row> small = written(spark, work.resolve("small"), Math.max(100, rows / WARM_UP_SHARE));
    cases(small).forEach(one -> measured(one, 1));
    Dataset<Row> ranking = written(spark, work.resolve("ranking"), rows);
    lines.println("case       cut, s   sort + limit, s   ratio   rows taken");
    for (Case one : cases(ranking)) {
      report(one, figures.putObject(one.name()), lines);
    }
    Memory.describe(figures);
    return figures;
  }

  private void report(Case one, ObjectNode figures, PrintStream lines) {
    double[] seconds = measured(one, rounds);
    double ratio = seconds[0] / seconds[1];
    figures.put("cutSeconds", seconds[0]).put("sortLimitSeconds", seconds[1]);
    figures.put("ratio", ratio).put("taken", (long) seconds[2]);
    lines.println(
        String.format(
            Locale.ROOT,
            "%-9s %7.1f   %15.1f   %5.2f   %d",
            one.name(),
            seconds[0],
            seconds[1],
            ratio,
            (long) seconds[2]));
  }

  /** Medians of both ways, seconds, and the rows that both took. */
  private static double[] measured(Case one, int rounds) {
    List<Double> cut = new ArrayList<>();
    List<Double> sort = new ArrayList<>();
    long taken = 0;
    for (int round = 0; round < rounds; round++) {
      Taken ours = timed(one.cut(), cut);
      Taken sparks = timed(one.sort(), sort);
      if (!ours.equals(sparks)) {
        throw new IllegalStateException(
            "Invalid cut of case %s: it took %s, sort and limit %s"
                .formatted(one.name(), ours, sparks));
      }
      taken = ours.rows();
    }
    return new double[] {median(cut), median(sort), taken};
  }

  private static Taken timed(Supplier<Taken> way, List<Double> seconds) {
    long begun = System.nanoTime();
    Taken taken = way.get();
    seconds.add((System.nanoTime() - begun) / 1e9);
    return taken;
  }

  private static double median(List<Double> seconds) {
    Collections.sort(seconds);
    int middle = seconds.size() / 2;
    return seconds.size() % 2 == 1
        ? seconds.get(middle)
        : (seconds.get(middle - 1) + seconds.get(middle)) / 2;
  }

  private Dataset<Row> written(SparkSession spark, Path folder, long size) {
    spark
        .range(0, size, 1, FILES)
        .select(
            functions.md5(functions.col("id").cast("string").cast("binary")).as(Columns.SAMPLE_ID),
            functions.randn(SEED).as(Columns.SCORE),
            functions.col("id").mod(200).plus(20).cast("int").as(Columns.TOKENS),
            functions
                .concat(functions.lit("g"), functions.col("id").mod(groups).cast("string"))
                .as(Columns.GROUP))
        .write()
        .parquet(folder.toString());
    return spark.read().parquet(folder.toString());
  }

  private List<Case> cases(Dataset<Row> plain) {
    Column score = functions.col(Columns.SCORE);
    // Nine or so scores for all rows: the hash decides among millions.
    Dataset<Row> tied = plain.withColumn(Columns.SCORE, functions.rint(score));
    return List.of(
        new Case("plain", () -> cut(plain, share), () -> sorted(plain, score.desc())),
        new Case("ties", () -> cut(tied, share), () -> sorted(tied, score.desc(), tie())),
        new Case("groups", () -> cut(plain, byGroup()), () -> windowed(plain)));
  }

  private Budget byGroup() {
    StringBuilder text = new StringBuilder("group:");
    for (int group = 0; group < groups; group++) {
      text.append(group == 0 ? "" : ",").append("g").append(group).append('=');
      text.append(share.text());
    }
    return Budget.parse(text.toString());
  }

  private static Taken cut(Dataset<Row> ranking, Budget budget) {
    return Taken.of(ranking.filter(new GlobalCut(ranking, SEED).at(budget).condition()));
  }

  private Taken sorted(Dataset<Row> ranking, Column... order) {
    return Taken.of(ranking.orderBy(order).limit((int) share.samples(ranking.count())));
  }

  /** The tie break of the ranking's order; signed, as Spark sorts. */
  private static Column tie() {
    RankingOrder order = new RankingOrder(SEED);
    UDF1<String, Long> hash = id -> order.tieBreak(id) + Long.MIN_VALUE;
    return functions.udf(hash, DataTypes.LongType).apply(functions.col(Columns.SAMPLE_ID));
  }

  /** What one writes in Spark for a budget by group: a rank in each and the group's size. */
  private Taken windowed(Dataset<Row> ranking) {
    Dataset<Row> sizes =
        ranking
            .groupBy(Columns.GROUP)
            .agg(
                functions
                    .floor(
                        functions.count(functions.lit(1)).multiply(functions.lit(share.fraction())))
                    .cast("long")
                    .as("wanted"));
    Column place =
        functions
            .row_number()
            .over(Window.partitionBy(Columns.GROUP).orderBy(functions.col(Columns.SCORE).desc()));
    return Taken.of(
        ranking
            .withColumn("place", place)
            .join(functions.broadcast(sizes), Columns.GROUP)
            .filter(functions.col("place").leq(functions.col("wanted"))));
  }
}

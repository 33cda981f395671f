package ai.icon.spark.stage;

import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.Tables;
import ai.icon.spark.run.RunFolder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * How many of the selected samples were planted as helpful, beside the same figure for random and
 * longest-first selections of the same size.
 */
public final class DemoReport {
  private static final String HELPFUL = "right-style";
  private static final int RANDOM_SELECTIONS = 1_000;

  private final List<Planted> pool;
  private final List<Planted> selected;

  /** Reads what a finished run left. */
  public DemoReport(SparkSession spark, RunFolder folder) {
    this.pool =
        Tables.read(spark, folder.table(Table.POOL), Table.POOL)
            .select(
                functions.col(Columns.SAMPLE_ID),
                functions.get_json_object(functions.col(Columns.RAW), "$.planted"),
                functions.col(Columns.TOKENS))
            .collectAsList()
            .stream()
            .map(DemoReport::planted)
            .sorted(Comparator.comparing(Planted::id))
            .toList();
    List<String> ids =
        Tables.read(spark, folder.table(Table.SELECTION), Table.SELECTION).collectAsList().stream()
            .map(row -> row.<String>getAs(Columns.SAMPLE_ID))
            .toList();
    this.selected = pool.stream().filter(one -> ids.contains(one.id())).toList();
  }

  private record Planted(String id, boolean isHelpful, int tokens) {}

  private static Planted planted(Row row) {
    return new Planted(row.getString(0), HELPFUL.equals(row.getString(1)), row.getInt(2));
  }

  /** Four lines: the pool, the selection, random, longest first. */
  public List<String> lines() {
    int k = selected.size();
    List<Planted> longest =
        pool.stream()
            .sorted(
                Comparator.comparingInt((Planted one) -> -one.tokens()).thenComparing(Planted::id))
            .limit(k)
            .toList();
    return List.of(
        String.format(
            Locale.ROOT, "planted as helpful: %d of %d in the pool", helpful(pool), pool.size()),
        String.format(Locale.ROOT, "  selected by icon    %4d of %d", helpful(selected), k),
        String.format(
            Locale.ROOT,
            "  selected at random  %6.1f of %d (mean of %,d draws)",
            random(k),
            k,
            RANDOM_SELECTIONS),
        String.format(Locale.ROOT, "  longest first       %4d of %d", helpful(longest), k));
  }

  private double random(int k) {
    Random random = new Random(1);
    long sum = 0;
    for (int i = 0; i < RANDOM_SELECTIONS; i++) {
      List<Planted> shuffled = new ArrayList<>(pool);
      Collections.shuffle(shuffled, random);
      sum += helpful(shuffled.subList(0, k));
    }
    return (double) sum / RANDOM_SELECTIONS;
  }

  private static long helpful(List<Planted> samples) {
    return samples.stream().filter(Planted::isHelpful).count();
  }
}

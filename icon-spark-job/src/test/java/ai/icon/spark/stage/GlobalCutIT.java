package ai.icon.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.selection.Budget;
import ai.icon.selection.RankingOrder;
import ai.icon.spark.LocalSpark;
import ai.icon.spark.rows.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The histogram's cut against a plain sort. */
class GlobalCutIT {
  private static final long SEED = 7;
  private static final int ROWS = 2_000;

  private static SparkSession spark;
  private static List<Row> rows;
  private static Dataset<Row> ranking;

  @BeforeAll
  static void open() {
    spark = LocalSpark.open();
    rows = rows();
    ranking = spark.createDataFrame(rows, Table.RANKING.schema());
  }

  @AfterAll
  static void close() {
    spark.close();
  }

  /** Scores in one narrow octave, so that bins are full, some of them equal. */
  private static List<Row> rows() {
    Random random = new Random(1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double score = 1 + (i % 5 == 0 ? 0.01 : 0.02 * random.nextDouble());
      int tokens = 1 + random.nextInt(100);
      rows.add(RowFactory.create(1L, "s" + i, score, null, score, "predicted", tokens));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "37", "399", "400", "401", "1000", "15%", "2000", "1tokens"})
  void aCutIntoDividedBinsTakesTheHeadOfTheSortedRows(String text) {
    checkHead(Budget.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"500tokens", "20000tokens", "60000tokens"})
  void aTokenBudgetTakesTheLongestHeadWithinIt(String text) {
    checkHead(Budget.parse(text));
  }

  private static void checkHead(Budget budget) {
    for (long collected : new long[] {10, 100_000}) {
      GlobalCut.Chosen chosen = new GlobalCut(ranking, SEED, collected).at(budget);
      SortedSet<String> taken = new TreeSet<>();
      for (Row row : rows) {
        if (chosen.takes(row.getString(1), row.getDouble(2))) {
          taken.add(row.getString(1));
        }
      }
      assertThat(taken).as("collecting %d", collected).isEqualTo(head(budget));
    }
  }

  private static SortedSet<String> head(Budget budget) {
    RankingOrder order = new RankingOrder(SEED);
    List<Row> sorted =
        rows.stream()
            .sorted(
                Comparator.comparing(
                    row -> OrderKey.ofScore(order, row.getDouble(2), row.getString(1))))
            .toList();
    SortedSet<String> head = new TreeSet<>();
    long tokens = 0;
    for (Row row : sorted) {
      tokens += row.getInt(6);
      boolean fits =
          budget instanceof Budget.Tokens limit
              ? tokens <= limit.tokens()
              : head.size() < ((Budget.OfSamples) budget).samples(ROWS);
      if (!fits) {
        return head;
      }
      head.add(row.getString(1));
    }
    return head;
  }
}

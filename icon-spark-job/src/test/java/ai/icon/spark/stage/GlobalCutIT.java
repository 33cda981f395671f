package ai.icon.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import ai.icon.selection.Budget;
import ai.icon.selection.RankingOrder;
import ai.icon.spark.LocalSpark;
import ai.icon.spark.rows.Columns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The histogram's cut against a plain sort. */
class GlobalCutIT {
  private static final long SEED = 7;
  private static final int ROWS = 2_000;
  private static final StructType SCHEMA =
      new StructType()
          .add(Columns.SAMPLE_ID, DataTypes.StringType, false)
          .add(Columns.SCORE, DataTypes.DoubleType, false)
          .add(Columns.TOKENS, DataTypes.IntegerType, false)
          .add(Columns.GROUP, DataTypes.StringType, true);

  private static SparkSession spark;

  @BeforeAll
  static void open() {
    spark = LocalSpark.open();
  }

  @AfterAll
  static void close() {
    spark.close();
  }

  /** Kinds of score that need different numbers of passes. */
  enum Scores {
    /** One octave and a bit, so that bins are full, some scores equal. */
    NARROW(random -> random.nextInt(5) == 0 ? 1.01 : 1 + 0.02 * random.nextDouble()),
    /** All of both signs and magnitudes, infinities and both zeros among them. */
    WIDE(
        random ->
            switch (random.nextInt(12)) {
              case 0 -> Double.POSITIVE_INFINITY;
              case 1 -> Double.NEGATIVE_INFINITY;
              case 2 -> 0.0;
              case 3 -> -0.0;
              default -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
            }),
    /** Differences in the last bits alone. */
    LAST_BITS(random -> Double.longBitsToDouble(0x3FD0_0000_0000_0000L + random.nextInt(300))),
    /** Three scores for all rows. */
    THREE(random -> random.nextInt(3) - 1.0),
    /** One score for all rows. */
    EQUAL(random -> 0.25);

    @SuppressWarnings("ImmutableEnumChecker") // holds nothing
    private final Draw draw;

    Scores(Draw draw) {
      this.draw = draw;
    }

    private interface Draw {
      double next(Random random);
    }

    List<Row> rows() {
      Random random = new Random(SEED);
      DoubleSupplier score = () -> draw.next(random);
      return IntStream.range(0, ROWS)
          .mapToObj(
              i ->
                  RowFactory.create(
                      "s" + i,
                      score.getAsDouble(),
                      1 + random.nextInt(100),
                      i % 7 == 0 ? null : i % 3 == 0 ? "cot" : i % 3 == 1 ? "niv" : "x"))
          .toList();
    }
  }

  @ParameterizedTest
  @EnumSource(Scores.class)
  void everyBudgetTakesTheHeadOfTheSortedRows(Scores scores) {
    List<Row> rows = scores.rows();
    Dataset<Row> ranking = ranking(rows);
    for (String budget :
        List.of("1", "399", "15%", "2000", "1tokens", "500tokens", "60000tokens")) {
      // 40: bins must be divided; more: the first bin is collected.
      for (long collected : new long[] {40, 100_000}) {
        Chosen chosen = new GlobalCut(ranking, SEED, collected).at(Budget.parse(budget));
        assertThat(taken(ranking, chosen))
            .as("%s, collecting %d", budget, collected)
            .isEqualTo(head(rows, (Budget.Whole) Budget.parse(budget)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Scores.class)
  void aBudgetByGroupTakesTheHeadOfEachGroup(Scores scores) {
    List<Row> rows = scores.rows();
    Dataset<Row> ranking = ranking(rows);
    Budget.ByGroup budget = (Budget.ByGroup) Budget.parse("group:cot=200,niv=10%,x=700tokens");

    for (long collected : new long[] {120, 100_000}) {
      Chosen chosen = new GlobalCut(ranking, SEED, collected).at(budget);
      SortedSet<String> heads = new TreeSet<>();
      budget
          .budgets()
          .forEach(
              (group, whole) ->
                  heads.addAll(
                      head(
                          rows.stream().filter(row -> group.equals(row.getString(3))).toList(),
                          whole)));
      assertThat(taken(ranking, chosen)).as("collecting %d", collected).isEqualTo(heads);
    }
  }

  @Test
  void aGroupThatIsTooSmallIsTakenWholeAndFallsShort() {
    List<Row> rows = Scores.NARROW.rows();
    long cot = rows.stream().filter(row -> "cot".equals(row.getString(3))).count();
    Chosen chosen =
        new GlobalCut(ranking(rows), SEED).at(Budget.parse("group:cot=%d".formatted(cot + 5)));

    assertThat(taken(ranking(rows), chosen)).hasSize((int) cot);
    assertThat(chosen.groups().get("cot").shortfall()).isEqualTo(5);
  }

  @Test
  void aGroupThatNoRowIsOfIsRefused() {
    GlobalCut cut = new GlobalCut(ranking(Scores.NARROW.rows()), SEED);
    assertThatThrownBy(() -> cut.at(Budget.parse("group:cot=5,maths=5")))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "Cannot select from group maths: no sample of the ranking is of it.\n");
  }

  @Test
  void aScoreThatIsNoNumberIsRefused() {
    List<Row> rows = new ArrayList<>(Scores.NARROW.rows());
    rows.add(RowFactory.create("nan", Double.NaN, 1, null));
    GlobalCut cut = new GlobalCut(ranking(rows), SEED);
    assertThatThrownBy(() -> cut.at(Budget.parse("5")))
        .hasStackTraceContaining("Invalid score: must be a number, got NaN");
  }

  /** The driver takes some rows and never a bin of 300,000: ties are divided by their hash. */
  @Test
  void manyEqualScoresAreNotCollected() {
    int many = 300_000;
    Dataset<Row> ranking =
        spark
            .range(0, many, 1, 4)
            .select(
                functions.concat(functions.lit("s"), functions.col("id")).as(Columns.SAMPLE_ID),
                functions.lit(0.5).as(Columns.SCORE),
                functions.lit(10).as(Columns.TOKENS));
    RankingOrder order = new RankingOrder(SEED);
    List<String> ids = IntStream.range(0, many).mapToObj(i -> "s" + i).toList();
    Map<String, OrderKey> places = new HashMap<>();
    ids.forEach(id -> places.put(id, OrderKey.ofScore(order, 0.5, id)));
    SortedSet<String> head =
        new TreeSet<>(
            ids.stream().sorted(Comparator.comparing(places::get)).limit(45_000).toList());

    Chosen chosen = new GlobalCut(ranking, SEED, 50).at(Budget.parse("15%"));

    assertThat(taken(ranking, chosen)).isEqualTo(head);
    assertThat(chosen.collected()).isLessThanOrEqualTo(50);
  }

  private static Dataset<Row> ranking(List<Row> rows) {
    return spark.createDataFrame(rows, SCHEMA);
  }

  private static SortedSet<String> taken(Dataset<Row> ranking, Chosen chosen) {
    SortedSet<String> taken = new TreeSet<>();
    ranking
        .filter(chosen.condition())
        .select(Columns.SAMPLE_ID)
        .collectAsList()
        .forEach(row -> taken.add(row.getString(0)));
    return taken;
  }

  private static SortedSet<String> head(List<Row> rows, Budget.Whole budget) {
    RankingOrder order = new RankingOrder(SEED);
    List<Row> sorted =
        rows.stream()
            .sorted(
                Comparator.comparing(
                    row -> OrderKey.ofScore(order, row.getDouble(1), row.getString(0))))
            .toList();
    SortedSet<String> head = new TreeSet<>();
    long tokens = 0;
    for (Row row : sorted) {
      tokens += row.getInt(2);
      boolean fits =
          budget instanceof Budget.Tokens limit
              ? tokens <= limit.tokens()
              : head.size() < ((Budget.OfSamples) budget).samples(rows.size());
      if (!fits) {
        return head;
      }
      head.add(row.getString(0));
    }
    return head;
  }
}

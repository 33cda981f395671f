package ai.icon.spark.stage;

import ai.icon.assessment.AssessedExample;
import ai.icon.assessment.AssessmentDraw;
import ai.icon.assessment.AssessmentSet;
import ai.icon.error.UserError;
import ai.icon.sample.AssessedSample;
import ai.icon.spark.config.AssessmentConfig;
import ai.icon.spark.executor.LoadedModel;
import ai.icon.spark.executor.ModelRegistry;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/** An assessment set drawn from the samples, by a column's values or by clusters of embeddings. */
final class DrawnAssessment implements AssessmentSource {
  /** Tokens that a response must have at least: every example scores something. */
  private static final int SCORABLE = 1;

  /** Values of a column beyond which it is taken for a mistake. */
  private static final int MOST_STRATA = 100_000;

  private static final String STRATUM = "stratum";

  @Override
  public Assessed read(StageContext context) {
    AssessmentConfig config = context.config().assessment();
    Map<String, String> groupById =
        config.draw() == AssessmentConfig.Draw.CLUSTERED
            ? new EmbeddingClusters(context).draw(config.examples())
            : stratified(context, config);
    LoadedModel model = ModelRegistry.model(context.model());
    Set<String> ids = new TreeSet<>(groupById.keySet());
    List<AssessedExample> examples =
        context
            .read(Table.SAMPLES)
            .filter(functions.col(Columns.SAMPLE_ID).isInCollection(ids))
            .collectAsList()
            .stream()
            .map(
                row ->
                    AssessmentSource.example(
                        model,
                        groupById.get(row.<String>getAs(Columns.SAMPLE_ID)),
                        row.getAs(Columns.PROMPT),
                        row.getAs(Columns.RESPONSE)))
            .toList();
    return new Assessed(AssessmentSet.of(examples), ids, List.of());
  }

  /** Group by id of the drawn samples; the driver takes sizes and what may be drawn. */
  private static Map<String, String> stratified(StageContext context, AssessmentConfig config) {
    Dataset<Row> strata =
        scorable(context).select(functions.col(Columns.SAMPLE_ID), stratum(config).as(STRATUM));
    AssessmentDraw draw = new AssessmentDraw(context.config().seed());
    SortedMap<String, Integer> seats = draw.seats(sizes(strata, config), config.examples());
    Map<String, List<String>> firsts = new TreeMap<>();
    strata
        .javaRDD()
        .mapPartitions(rows -> FirstOfStrata.of(rows, seats, draw))
        .collect()
        .forEach(one -> firsts.computeIfAbsent(one._1(), group -> new ArrayList<>()).add(one._2()));
    Map<String, String> drawn = new TreeMap<>();
    firsts.forEach(
        (group, ids) ->
            ids.stream()
                .sorted(draw::compare)
                .limit(seats.get(group))
                .forEach(id -> drawn.put(id, group)));
    return drawn;
  }

  private static SortedMap<String, Long> sizes(Dataset<Row> strata, AssessmentConfig config) {
    List<Row> counts = strata.groupBy(STRATUM).count().limit(MOST_STRATA + 1).collectAsList();
    if (counts.stream().allMatch(row -> row.isNullAt(0))) {
      throw new UserError(
          "Cannot draw by column \"" + config.stratifyBy() + "\": no sample has it.",
          "Name a column of the pool with --stratify-by, or use --assessment-draw clustered.");
    }
    if (counts.size() > MOST_STRATA) {
      throw new UserError(
          "Cannot draw by column \""
              + config.stratifyBy()
              + "\": it has more than "
              + MOST_STRATA
              + " values, which are no groups.",
          "Name another column with --stratify-by, or use --assessment-draw clustered.");
    }
    SortedMap<String, Long> sizes = new TreeMap<>();
    counts.forEach(row -> sizes.merge(name(row, 0), row.getLong(1), Long::sum));
    return sizes;
  }

  private static String name(Row row, int column) {
    return row.isNullAt(column) ? AssessedSample.NO_GROUP : row.getString(column);
  }

  /** Of a partition's rows, those that may be drawn: of each stratum as many as it has seats. */
  private static final class FirstOfStrata {
    static Iterator<Tuple2<String, String>> of(
        Iterator<Row> rows, SortedMap<String, Integer> seats, AssessmentDraw draw) {
      Map<String, TreeSet<String>> firsts = new TreeMap<>();
      while (rows.hasNext()) {
        Row row = rows.next();
        String group = name(row, 1);
        TreeSet<String> ids = firsts.computeIfAbsent(group, one -> new TreeSet<>(draw::compare));
        ids.add(row.getString(0));
        if (ids.size() > seats.get(group)) {
          ids.pollLast();
        }
      }
      return firsts.entrySet().stream()
          .flatMap(one -> one.getValue().stream().map(id -> new Tuple2<>(one.getKey(), id)))
          .iterator();
    }
  }

  /** Ids and raw objects of the samples whose response can be scored. */
  static Dataset<Row> scorable(StageContext context) {
    return context
        .read(Table.SAMPLES)
        .filter(functions.col(Columns.RESPONSE_TOKENS).geq(SCORABLE))
        .select(functions.col(Columns.SAMPLE_ID), functions.col(Columns.RAW));
  }

  private static Column stratum(AssessmentConfig config) {
    return PoolGroups.field(config.stratifyBy());
  }
}

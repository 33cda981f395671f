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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** An assessment set drawn from the samples, by a column's values or by clusters of embeddings. */
final class DrawnAssessment implements AssessmentSource {
  /** Tokens that a response must have at least: every example scores something. */
  private static final int SCORABLE = 1;

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

  /** Group by id of the drawn samples. */
  private static Map<String, String> stratified(StageContext context, AssessmentConfig config) {
    List<Row> rows =
        scorable(context).select(functions.col(Columns.SAMPLE_ID), stratum(config)).collectAsList();
    if (rows.stream().allMatch(row -> row.isNullAt(1))) {
      throw new UserError(
          "Cannot draw by column \"" + config.stratifyBy() + "\": no sample has it.",
          "Name a column of the pool with --stratify-by, or use --assessment-draw clustered.");
    }
    Map<String, String> strata = new TreeMap<>();
    for (Row row : rows) {
      strata.put(row.getString(0), row.isNullAt(1) ? AssessedSample.NO_GROUP : row.getString(1));
    }
    List<AssessmentDraw.Member> members =
        strata.entrySet().stream()
            .map(entry -> new AssessmentDraw.Member(entry.getKey(), entry.getValue()))
            .toList();
    Map<String, String> drawn = new TreeMap<>();
    new AssessmentDraw(context.config().seed())
        .stratified(members, config.examples())
        .forEach(id -> drawn.put(id, strata.get(id)));
    return drawn;
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

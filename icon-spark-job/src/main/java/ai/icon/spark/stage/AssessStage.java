package ai.icon.spark.stage;

import ai.icon.assessment.AssessedExample;
import ai.icon.assessment.AssessmentSet;
import ai.icon.error.UserError;
import ai.icon.spark.config.AssessmentConfig;
import ai.icon.spark.executor.LoadedModel;
import ai.icon.spark.executor.ModelRegistry;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Fence;
import ai.icon.spark.rows.ParquetTableWriter;
import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.Tables;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.StageName;
import ai.icon.spark.source.Source;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/**
 * Fixes the assessment set, from a file or drawn from the samples, and takes it out of them: what
 * is left is the pool.
 */
final class AssessStage implements Stage {
  /** Tokens of the pool, by which a budget in tokens is held against it. */
  static final String POOL_TOKENS = "poolTokens";

  @Override
  public StageName name() {
    return StageName.ASSESS;
  }

  @Override
  public SortedMap<String, String> inputs(StageContext context) {
    AssessmentConfig assessment = context.config().assessment();
    SortedMap<String, String> inputs = new TreeMap<>(Inputs.prompt(context));
    inputs.put("assessment.size", Integer.toString(assessment.size()));
    inputs.put("seed", Long.toString(context.config().seed()));
    if (assessment.isDrawn()) {
      inputs.put("assessment.drawnSize", Integer.toString(assessment.drawnSize()));
      inputs.put("assessment.draw", assessment.draw().text());
      inputs.put("assessment.stratifyBy", assessment.stratifyBy());
    } else {
      List<Source> sources = context.sources().assessment(assessment);
      for (int i = 0; i < sources.size(); i++) {
        inputs.put("assessment source " + (i + 1), context.sources().identity(sources.get(i)));
      }
    }
    return inputs;
  }

  @Override
  public void check(StageContext context) throws IOException {
    inputs(context);
    if (!context.config().assessment().isDrawn()) {
      // Read once more when it is its turn: a bad file must not show up behind a long ingest.
      new AssessmentFile().read(context);
    }
  }

  @Override
  public StageOutcome run(StageContext context) throws IOException {
    boolean isDrawn = context.config().assessment().isDrawn();
    return fix(context, isDrawn ? new DrawnAssessment() : new AssessmentFile(), isDrawn);
  }

  /** Fixes the set of a source and takes it out of the samples. */
  static StageOutcome fix(StageContext context, AssessmentSource source, boolean isDrawn)
      throws IOException {
    AssessmentSource.Assessed assessed = source.read(context);
    AssessmentSet set = assessed.set();
    write(context, set, isDrawn);
    write(
        context,
        Table.ASSESSMENT_REJECTS,
        assessed.rejects().stream().map(SampleRows::of).toList());
    Set<String> texts = new TreeSet<>(set.ids());
    Set<String> drawn = assessed.drawnSamples();
    long pool = writePool(context, drawn, texts);
    long samples = context.read(Table.SAMPLES).count();
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("overlap", samples - drawn.size() - pool);
    counts.put("assessment", (long) set.size());
    counts.put("assessmentFromPool", (long) drawn.size());
    counts.put("pool", pool);
    counts.put(POOL_TOKENS, poolTokens(context));
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("assessmentRejects", assessed.rejects().size());
    figures.put("assessmentDuplicates", set.duplicates());
    figures.put("assessmentGroups", List.copyOf(set.groups()));
    figures.put("assessmentCuts", cuts(set));
    return new StageOutcome(0, counts, figures);
  }

  private static Map<String, Object> cuts(AssessmentSet set) {
    Map<String, Object> cuts = new LinkedHashMap<>();
    cuts.put("prompt", set.examples().stream().filter(AssessedExample::promptCut).count());
    cuts.put("response", set.examples().stream().filter(AssessedExample::responseCut).count());
    return cuts;
  }

  private static void write(StageContext context, AssessmentSet set, boolean isDrawn)
      throws IOException {
    List<Row> rows =
        set.examples().stream()
            .map(
                example ->
                    RowFactory.create(
                        example.id(),
                        example.group(),
                        example.prompt(),
                        example.response(),
                        example.responseIds().length,
                        example.promptIds().length,
                        example.promptCut(),
                        example.responseCut(),
                        isDrawn))
            .toList();
    write(context, Table.ASSESSMENT, rows);
  }

  /** A small table in one file, replacing what was there. */
  private static void write(StageContext context, Table table, List<Row> rows) throws IOException {
    Path folder = context.path(table);
    Fence.check(context.hadoop().configuration());
    folder.getFileSystem(context.hadoop().configuration()).delete(folder, true);
    new ParquetTableWriter(context.hadoop().configuration(), context.footer())
        .write(new Path(folder, "part-00000.parquet"), table, table.schema(), rows.iterator());
  }

  /** Samples that are neither drawn nor, as the model sees them, an assessed example. */
  private static long writePool(StageContext context, Set<String> drawn, Set<String> assessed)
      throws IOException {
    Broadcast<Set<String>> out = context.java().broadcast(drawn);
    Broadcast<Set<String>> texts = context.java().broadcast(assessed);
    JavaPairRDD<OrderKey, Row> left =
        context
            .rows(Table.SAMPLES)
            .filter(row -> !out.value().contains(row.<String>getAs(Columns.SAMPLE_ID)))
            .filter(row -> !texts.value().contains(contentId(row)))
            .mapToPair(
                row -> {
                  String id = row.getAs(Columns.SAMPLE_ID);
                  return new Tuple2<>(OrderKey.ofSample(Inputs.poolOrder(), id), row);
                });
    long samples = context.read(Table.SAMPLES).count();
    long pool =
        new OrderedWrite(context, Table.POOL)
            .write(left, KeyPartitioner.even(OrderedWrite.files(samples)));
    if (pool == 0) {
      throw new UserError(
          "Cannot select from the pool: all "
              + samples
              + " samples are taken by the assessment set or overlap with it.",
          "Use a smaller --assessment-size, or another assessment file.");
    }
    return pool;
  }

  private static long poolTokens(StageContext context) {
    return context
        .read(Table.POOL)
        .agg(functions.sum(Columns.TOKENS))
        .collectAsList()
        .get(0)
        .getLong(0);
  }

  private static String contentId(Row row) {
    return AssessedExample.idOf(row.getAs(Columns.PROMPT), row.getAs(Columns.RESPONSE));
  }

  /** The set that this stage left, tokenised again; for the stages behind it. */
  static AssessmentSet load(StageContext context) {
    return load(context, context.folder());
  }

  /** The set of another run of the same model and texts. */
  static AssessmentSet load(StageContext context, RunFolder folder) {
    LoadedModel model = ModelRegistry.model(context.model());
    List<AssessedExample> examples =
        Tables.readInOrder(context.spark(), folder.table(Table.ASSESSMENT), Table.ASSESSMENT)
            .stream()
            .map(
                row ->
                    AssessmentSource.example(
                        model,
                        row.getAs(Columns.GROUP),
                        row.getAs(Columns.PROMPT),
                        row.getAs(Columns.RESPONSE)))
            .toList();
    return AssessmentSet.of(examples);
  }
}

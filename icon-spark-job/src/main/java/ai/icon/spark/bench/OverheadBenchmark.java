package ai.icon.spark.bench;

import static java.util.Objects.requireNonNull;

import ai.icon.assessment.AssessedExample;
import ai.icon.assessment.AssessmentSet;
import ai.icon.contribution.Contribution;
import ai.icon.contribution.ContributionScorer;
import ai.icon.contribution.GroupWeights;
import ai.icon.contribution.PairMeasurement;
import ai.icon.loss.LossModel;
import ai.icon.prompt.Question;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import ai.icon.spark.executor.DeviceAssignment;
import ai.icon.spark.executor.ExecutorCores;
import ai.icon.spark.executor.LoadedModel;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.executor.ModelRegistry;
import ai.icon.spark.executor.ModelSource;
import ai.icon.spark.executor.ModelSummary;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import ai.icon.spark.stage.Job;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The scoring stage beside the method's loop without Spark: same candidates, same model, same
 * threads, same process.
 *
 * @param layers settings; the model is named
 * @param seconds about how long each way takes
 */
public record OverheadBenchmark(SettingLayers layers, double seconds) implements Benchmark {
  private static final int EXAMPLES = 32;
  private static final int CALIBRATED = 30;
  private static final int WORDS = 12;

  /** Checks that there is time. */
  public OverheadBenchmark {
    requireNonNull(layers, "layers");
    if (!(seconds > 0)) {
      throw new IllegalArgumentException(
          "Invalid benchmark: seconds must be above 0, got " + seconds);
    }
  }

  /** The loop alone: texts in, contributions out, in one thread. */
  private record Loop(LoadedModel model, AssessmentSet set, RunConfig config) {
    Map<String, Double> contributions(List<Row> candidates) {
      return model.score(lossModel -> contributions(lossModel, candidates));
    }

    private Map<String, Double> contributions(LossModel lossModel, List<Row> candidates) {
      ContributionScorer scorer =
          new ContributionScorer(lossModel, set, config.score().batchTokens());
      PairMeasurement measurement =
          PairMeasurement.withoutControl(
              set, config.score().measure(), scorer.losses(model.sequences().emptyPrefix()));
      GroupWeights weights = GroupWeights.of(config.score().groupWeights(), set.groups());
      Map<String, Double> contributions = new LinkedHashMap<>();
      for (Row candidate : candidates) {
        String text =
            candidate.<String>getAs(Columns.PROMPT)
                + candidate.<String>getAs(Columns.RESPONSE)
                + candidate.<String>getAs(Columns.ENDING);
        int[] ids = model.sequences().demonstration(text).ids();
        double[] losses = scorer.losses(model.sequences().prefix(ids));
        String id = candidate.getAs(Columns.SAMPLE_ID);
        contributions.put(
            id,
            Contribution.of(measurement.pairs(id, ids.length, losses), weights, ids.length)
                .contribution());
      }
      return contributions;
    }
  }

  @Override
  public ObjectNode run(SparkSession spark, Path work, PrintStream lines) throws IOException {
    RunConfig probe = config(work.resolve("probe"), made(work, "probe", CALIBRATED), work);
    List<Row> few = pool(spark, probe);
    Loop calibrating = loop(spark, probe);
    calibrating.contributions(few); // warm-up: weights, and the first shapes
    double one = timed(() -> calibrating.contributions(few)).seconds() / few.size();
    int wanted = (int) Math.max(2, Math.round(seconds / one));
    RunConfig config = config(work.resolve("run"), made(work, "pool", wanted), work);
    List<Row> candidates = pool(spark, config);
    Loop loop = loop(spark, config);
    int half = candidates.size() / 2;
    Timed before = timed(() -> loop.contributions(candidates.subList(0, half)));
    List<StageRecord> records =
        new Job(spark, config, System.err).run(List.of(StageName.SCORE), List.of());
    Timed after = timed(() -> loop.contributions(candidates.subList(half, candidates.size())));
    Map<String, Double> bare = new LinkedHashMap<>(before.contributions());
    bare.putAll(after.contributions());
    check(spark, config, bare);
    double stage = records.get(records.size() - 1).seconds();
    return figures(candidates.size(), before.seconds() + after.seconds(), stage, lines);
  }

  private static ObjectNode figures(int candidates, double bare, double stage, PrintStream lines)
      throws IOException {
    ObjectNode figures = new ObjectMapper().createObjectNode();
    figures.put("benchmark", "overhead").put("candidates", candidates).put("examples", EXAMPLES);
    figures.put("bareSeconds", bare).put("stageSeconds", stage);
    figures.put("overhead", stage / bare - 1);
    Memory.describe(figures);
    lines.printf(
        Locale.ROOT,
        "%d candidates: loop alone %.1f s, scoring stage %.1f s, overhead %.1f %%%n",
        candidates,
        bare,
        stage,
        100 * (stage / bare - 1));
    return figures;
  }

  private static Path made(Path work, String name, int samples) throws IOException {
    Path file = work.resolve(name + ".jsonl");
    MadeSamples.write(file, EXAMPLES, EXAMPLES + samples, WORDS, row -> row);
    return file;
  }

  /** A run folder with pool and assessed examples. */
  private RunConfig config(Path out, Path pool, Path work) throws IOException {
    Path assessed = work.resolve("assessed.jsonl");
    MadeSamples.write(assessed, 0, EXAMPLES, WORDS / 2, row -> row);
    Map<Setting, Object> options = new EnumMap<>(Setting.class);
    options.put(Setting.POOL_SOURCES, List.of(pool.toString()));
    options.put(Setting.ASSESSMENT_SOURCE, assessed.toString());
    options.put(Setting.SCORE_CANDIDATES, "all");
    options.put(Setting.SCORE_MEASURE, "icon"); // no control: nothing but pairs is timed
    options.put(Setting.RUN_OUT, out.toString());
    return RunConfig.load(layers.options(options));
  }

  /** Ingests and gives the pool; what is made of it is not timed. */
  private static List<Row> pool(SparkSession spark, RunConfig config) throws IOException {
    new Job(spark, config, System.err).run(List.of(StageName.INGEST, StageName.ASSESS), List.of());
    return rows(spark, config, Table.POOL);
  }

  private static List<Row> rows(SparkSession spark, RunConfig config, Table table) {
    return spark.read().parquet(Path.of(config.out(), table.folder()).toString()).collectAsList();
  }

  private static Loop loop(SparkSession spark, RunConfig config) {
    LoadedModel model = ModelRegistry.model(key(spark, config));
    List<AssessedExample> examples =
        rows(spark, config, Table.ASSESSMENT).stream().map(row -> example(model, row)).toList();
    return new Loop(model, AssessmentSet.of(examples), config);
  }

  /** The same model, device and threads as those of the stage. */
  private static ModelKey key(SparkSession spark, RunConfig config) {
    JavaSparkContext java = JavaSparkContext.fromSparkContext(spark.sparkContext());
    ModelSource source = ModelSource.of(config.model(), java.hadoopConfiguration());
    String fingerprint = ModelSummary.of(source).fingerprint();
    ModelKey key =
        ModelKey.of(config.model(), config.prompt(), source, fingerprint)
            .on(DeviceAssignment.kind(config.model().device(), java.getConf()));
    return config.model().threads() > 0 ? key : key.withThreads(ExecutorCores.of(java));
  }

  private static AssessedExample example(LoadedModel model, Row row) {
    String prompt = row.getAs(Columns.PROMPT);
    String response = row.getAs(Columns.RESPONSE);
    Question question = model.sequences().question(prompt, response);
    return new AssessedExample(
        row.getAs(Columns.ASSESSED_ID),
        row.getAs(Columns.GROUP),
        prompt,
        response,
        question.promptIds(),
        question.responseIds(),
        question.cuts().prompt(),
        question.cuts().response());
  }

  private static void check(SparkSession spark, RunConfig config, Map<String, Double> bare) {
    for (Row row : rows(spark, config, Table.CONTRIBUTIONS)) {
      double stage = row.<Double>getAs(Columns.CONTRIBUTION);
      Double alone = bare.remove(row.<String>getAs(Columns.SAMPLE_ID));
      if (alone == null || Double.compare(alone, stage) != 0) {
        throw new IllegalStateException(
            "Invalid contribution of %s: the stage gave %s, the loop alone %s"
                .formatted(row.getAs(Columns.SAMPLE_ID), stage, alone));
      }
    }
    if (!bare.isEmpty()) {
      throw new IllegalStateException(
          "Invalid contributions: the stage gave none for " + bare.size() + " candidates");
    }
  }

  private record Timed(Map<String, Double> contributions, double seconds) {}

  private static Timed timed(java.util.function.Supplier<Map<String, Double>> work) {
    long begun = System.nanoTime();
    Map<String, Double> contributions = work.get();
    return new Timed(contributions, (System.nanoTime() - begun) / 1e9);
  }
}

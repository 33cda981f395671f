package ai.icon.spark.bench;

import static java.util.Objects.requireNonNull;

import ai.icon.assessment.AssessedExample;
import ai.icon.assessment.AssessmentSet;
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
 * threads, same process, and as far as can be the same time ({@link BareProbe}), because a shared
 * machine is now faster and now slower.
 *
 * @param layers settings; the model is named
 * @param seconds about how long the loop alone would take
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

  @Override
  public ObjectNode run(SparkSession spark, Path work, PrintStream lines) throws IOException {
    RunConfig trial = config(work.resolve("trial"), made(work, "trial", CALIBRATED), work);
    List<Row> few = pool(spark, trial);
    BareLoop calibrating = loop(spark, trial);
    calibrating.timed(few); // warm-up: weights, and the first shapes
    int wanted = (int) Math.max(CALIBRATED, Math.round(seconds / calibrating.secondsEach(few)));
    RunConfig config = config(work.resolve("run"), made(work, "pool", wanted), work);
    List<Row> candidates = pool(spark, config);
    BareLoop loop = loop(spark, config);
    BareProbe probe = new BareProbe(loop, candidates);
    BareProbe.Figures found;
    try (probe) {
      List<StageRecord> records =
          new Job(spark, config, System.err).run(List.of(StageName.SCORE), List.of());
      long end = System.nanoTime();
      double stage = records.get(records.size() - 1).seconds();
      found = probe.figures(end - Math.round(stage * 1e9), end);
    }
    check(spark, config, probe.contributions());
    return figures(candidates.size(), found, lines);
  }

  private static ObjectNode figures(int candidates, BareProbe.Figures found, PrintStream lines)
      throws IOException {
    double overhead = found.bareCandidates() / candidates - 1;
    ObjectNode figures = new ObjectMapper().createObjectNode();
    figures.put("benchmark", "overhead").put("candidates", candidates).put("examples", EXAMPLES);
    figures.put("stageSeconds", found.stageSeconds());
    figures.put("bareCandidates", found.bareCandidates());
    figures.put("probes", found.probes()).put("probedCandidates", found.candidates());
    figures.put("overhead", overhead);
    Memory.describe(figures);
    lines.printf(
        Locale.ROOT,
        "%d candidates in %.1f s of the scoring stage; the loop alone, timed %d times meanwhile,"
            + " would have done %.0f: overhead %.1f %%%n",
        candidates,
        found.stageSeconds(),
        found.probes(),
        found.bareCandidates(),
        100 * overhead);
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

  private static BareLoop loop(SparkSession spark, RunConfig config) {
    LoadedModel model = ModelRegistry.model(key(spark, config));
    List<AssessedExample> examples =
        rows(spark, config, Table.ASSESSMENT).stream().map(row -> example(model, row)).toList();
    return new BareLoop(model, AssessmentSet.of(examples), config);
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
    Map<String, Double> missing = new LinkedHashMap<>(bare);
    for (Row row : rows(spark, config, Table.CONTRIBUTIONS)) {
      double stage = row.<Double>getAs(Columns.CONTRIBUTION);
      Double alone = missing.remove(row.<String>getAs(Columns.SAMPLE_ID));
      if (alone != null && Double.compare(alone, stage) != 0) {
        throw new IllegalStateException(
            "Invalid contribution of %s: the stage gave %s, the loop alone %s"
                .formatted(row.getAs(Columns.SAMPLE_ID), stage, alone));
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "Invalid contributions: the stage gave none for " + missing.size() + " candidates");
    }
  }
}

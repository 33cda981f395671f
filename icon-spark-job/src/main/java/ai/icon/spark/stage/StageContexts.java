package ai.icon.spark.stage;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import ai.icon.spark.config.AssessmentConfig;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.SelectorConfig;
import ai.icon.spark.executor.DeviceAssignment;
import ai.icon.spark.executor.ExecutorCores;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.executor.ModelSource;
import ai.icon.spark.executor.ModelSummary;
import ai.icon.spark.progress.ScoringProgress;
import ai.icon.spark.rows.TableFooter;
import ai.icon.spark.run.HadoopSettings;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.StageInputs;
import ai.icon.spark.source.Sources;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Makes what the stages of a run work with out of its settings.
 *
 * @param spark the caller's session
 * @param config what is to be done
 */
record StageContexts(SparkSession spark, RunConfig config) {
  /** Settings that say where a run happens and not what it gives; no file's footer knows them. */
  private static final List<String> OF_THE_PLACE =
      List.of(
          "icon.run.out",
          "icon.run.doctor",
          "icon.run.executorWait",
          "icon.model.path",
          "icon.model.cache",
          "icon.model.threads",
          "icon.device",
          "icon.tables.selection",
          "icon.tables.contributions",
          "icon.tables.overwrite");

  StageContexts {
    requireNonNull(spark, "spark");
    requireNonNull(config, "config");
  }

  /** The model as its configuration file has it. */
  ModelSummary summary() {
    return ModelSummary.of(source());
  }

  /** What a run in a folder works with. */
  StageContext of(RunFolder folder, ScoringProgress progress) throws IOException {
    String fingerprint = config.model().path().isEmpty() ? "" : checkedSummary().fingerprint();
    SortedMap<String, String> settings = new TreeMap<>(config.settings());
    settings.keySet().removeAll(OF_THE_PLACE);
    settings.put("model fingerprint", fingerprint);
    String runId = StageInputs.of(settings).fingerprint();
    TableFooter footer =
        new TableFooter(
            runId, fingerprint, config.prompt().template().text(), BuildVersion.version());
    HadoopSettings hadoop = new HadoopSettings(folder.hadoop());
    return new StageContext(
        spark,
        config,
        folder,
        model(folder, fingerprint),
        footer,
        hadoop,
        new Sources(spark, hadoop),
        progress);
  }

  /** What would fail after hours of scoring is refused before it. */
  private ModelSummary checkedSummary() {
    ModelSummary summary = summary();
    if (summary.outline().embeds()) {
      return summary;
    }
    if (config.selector().kind() == SelectorConfig.Kind.PROBE) {
      throw withoutStates("--selector probe", "Use --selector ngram.");
    }
    if (config.assessment().isDrawn()
        && config.assessment().draw() == AssessmentConfig.Draw.CLUSTERED) {
      throw withoutStates(
          "--assessment-draw clustered",
          "Use --assessment-draw stratified, or give a file with --assessment.");
    }
    return summary;
  }

  private UserError withoutStates(String setting, String cure) {
    return new UserError(
        "Cannot use %s with the model %s: a TorchScript program gives no hidden states"
            .formatted(setting, config.model().path()),
        cure);
  }

  private ModelKey model(RunFolder folder, String fingerprint) throws IOException {
    JavaSparkContext java = JavaSparkContext.fromSparkContext(spark.sparkContext());
    ModelKey key =
        ModelKey.of(config.model(), config.prompt(), source(), fingerprint)
            .on(DeviceAssignment.kind(config.model().device(), java.getConf()));
    if (config.model().threads() > 0 || fingerprint.isEmpty()) {
      return key;
    }
    // What was begun is gone on with as it was begun, on whatever cluster: the same bits.
    Optional<String> noted = Inputs.noted(folder, Inputs.THREADS);
    return key.withThreads(
        noted.isPresent() ? Integer.parseInt(noted.get()) : ExecutorCores.of(java));
  }

  private ModelSource source() {
    return ModelSource.of(config.model(), spark.sparkContext().hadoopConfiguration());
  }
}

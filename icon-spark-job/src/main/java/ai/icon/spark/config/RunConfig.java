package ai.icon.spark.config;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import ai.icon.selection.RankBy;
import ai.icon.spark.run.StageName;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All settings of a run, checked. Immutable and serializable, so that Spark tasks may carry it.
 *
 * @param pool where the pool comes from
 * @param assessment the examples on which the loss is watched
 * @param model the model and where it runs
 * @param prompt how samples become token sequences
 * @param score how candidates are scored
 * @param selector what predicts the rest
 * @param rank the score of the ranking
 * @param selection how much is selected
 * @param tables what results are saved as, beside the run folder
 * @param seed seed of every draw and tie
 * @param out folder of the run; may be empty where none is needed
 * @param check what is looked at before a run begins
 */
public record RunConfig(
    PoolConfig pool,
    AssessmentConfig assessment,
    ModelConfig model,
    PromptConfig prompt,
    ScoreConfig score,
    SelectorConfig selector,
    RankConfig rank,
    SelectionConfig selection,
    TablesConfig tables,
    long seed,
    String out,
    CheckConfig check)
    implements Serializable {

  private static final ConfigRenderOptions PLAIN = ConfigRenderOptions.concise();

  /** Checks the rules between settings. */
  public RunConfig {
    requireNonNull(out, "out");
    requireNonNull(check, "check");
    boolean predicts = selector.kind().trained().isPresent();
    Setting.RANK_BY.check(
        predicts || rank.by() != RankBy.PREDICTED,
        "not be predicted while icon.selector.kind is none",
        rank.by().setting());
  }

  /**
   * Reads and checks all settings.
   *
   * @throws UserError naming the first setting that breaks a rule, its rule, value and option
   */
  public static RunConfig load(SettingLayers layers) {
    SettingReader reader = layers.reader();
    return new RunConfig(
        PoolConfig.read(reader),
        AssessmentConfig.read(reader),
        ModelConfig.read(reader),
        PromptConfig.read(reader),
        ScoreConfig.read(reader),
        SelectorConfig.read(reader),
        RankConfig.read(reader),
        SelectionConfig.read(reader),
        TablesConfig.read(reader),
        reader.longWhole(Setting.RUN_SEED, "be a whole number"),
        reader.text(Setting.RUN_OUT),
        CheckConfig.read(reader));
  }

  /**
   * Checks that what some stages cannot do without is set.
   *
   * @return this
   * @throws UserError naming the first setting that is missing
   */
  public RunConfig requireFor(List<StageName> stages) {
    require(!out.isEmpty(), Setting.RUN_OUT, "name the run's folder");
    if (stages.contains(StageName.INGEST)) {
      require(!pool.sources().isEmpty(), Setting.POOL_SOURCES, "name a file");
    }
    if (stages.contains(StageName.ASSESS)) {
      requireGroups();
    }
    require(
        !needsModel(stages) || !model.path().isEmpty(), Setting.MODEL_PATH, "name a checkpoint");
    return this;
  }

  /** Key to value as text, every setting, sorted: for fingerprints and the manifest. */
  public SortedMap<String, String> settings() {
    SortedMap<String, String> settings = new TreeMap<>();
    values()
        .forEach(
            (setting, value) -> {
              boolean isText = value instanceof String;
              settings.put(
                  setting.key(),
                  isText ? (String) value : ConfigValueFactory.fromAnyRef(value).render(PLAIN));
            });
    return Collections.unmodifiableSortedMap(settings);
  }

  /** All settings as JSON that {@link SettingLayers#stored} reads back to an equal tree. */
  public String render() {
    Config config = ConfigFactory.empty();
    for (Map.Entry<Setting, Object> entry : values().entrySet()) {
      config =
          config.withValue(entry.getKey().key(), ConfigValueFactory.fromAnyRef(entry.getValue()));
    }
    return config.root().render(PLAIN.setFormatted(true));
  }

  private Map<Setting, Object> values() {
    Map<Setting, Object> values = new EnumMap<>(Setting.class);
    pool.write(values);
    assessment.write(values);
    model.write(values);
    prompt.write(values);
    score.write(values);
    selector.write(values);
    rank.write(values);
    selection.write(values);
    tables.write(values);
    values.put(Setting.RUN_SEED, Long.toString(seed));
    values.put(Setting.RUN_OUT, out);
    check.write(values);
    return values;
  }

  /** All but the selection: even where no loss is taken, the model's tokenizer counts tokens. */
  private static boolean needsModel(List<StageName> stages) {
    return stages.stream().anyMatch(stage -> stage != StageName.SELECT);
  }

  private void requireGroups() {
    boolean stratifies =
        assessment.isDrawn() && assessment.draw() == AssessmentConfig.Draw.STRATIFIED;
    if (stratifies && assessment.stratifyBy().isEmpty()) {
      throw new UserError(
          "Invalid setting icon.assessment.source: must name a file, got nothing, and no column"
              + " is named to draw the examples by",
          "Give --assessment FILE, or --stratify-by COLUMN, or --assessment-draw clustered.");
    }
  }

  private static void require(boolean isSet, Setting setting, String rule) {
    setting.check(isSet, rule, "nothing");
  }
}

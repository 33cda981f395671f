package ai.icon.spark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.contribution.ContributionMeasure;
import ai.icon.djl.Precision;
import ai.icon.error.UserError;
import ai.icon.sample.ColumnMapping;
import ai.icon.selection.Budget;
import ai.icon.selection.RankBy;
import ai.icon.selector.SelectorKind;
import ai.icon.spark.run.StageName;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RunConfigTest {
  @TempDir private Path folder;

  @Test
  void defaultsAreThoseOfTheMethod() {
    RunConfig config = RunConfig.load(SettingLayers.defaults());

    assertThat(config.pool()).isEqualTo(pool());
    assertThat(config.assessment())
        .isEqualTo(new AssessmentConfig("", 0, 64, AssessmentConfig.Draw.STRATIFIED, ""));
    assertThat(config.model())
        .isEqualTo(new ModelConfig("", Precision.FLOAT32, ModelConfig.Device.AUTO, 0, ""));
    assertThat(config.prompt())
        .isEqualTo(new PromptConfig(PromptConfig.Template.RICO, "\n\n\n", 2040, 1024, 1024));
    assertThat(config.score())
        .isEqualTo(
            new ScoreConfig(
                ContributionMeasure.RICO,
                ScoreConfig.Compat.NONE,
                5000,
                2048,
                200_000,
                new TreeMap<>()));
    assertThat(config.selector()).isEqualTo(new SelectorConfig(SelectorConfig.Kind.PROBE, 0.10));
    assertThat(config.rank()).isEqualTo(new RankConfig(RankBy.WEIGHED));
    assertThat(config.selection()).isEqualTo(new SelectionConfig(Budget.parse("15%"), "group"));
    assertThat(config.seed()).isEqualTo(1);
    assertThat(config.out()).isEmpty();
    assertThat(config.check()).isEqualTo(new CheckConfig(true, 300));
  }

  private static PoolConfig pool() {
    return new PoolConfig(List.of(), "auto", ColumnMapping.none(), 0.05);
  }

  @Test
  void everySettingStandsInTheDefaultsAndEveryDefaultIsASetting() throws IOException {
    String text = Files.readString(Path.of("../conf/icon-defaults.conf"));
    Set<String> keys = new TreeSet<>();
    leaves("", ConfigFactory.parseString(text).root(), keys);

    assertThat(keys)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Setting.values()).map(Setting::key).toList());
  }

  private static void leaves(String prefix, ConfigObject object, Set<String> keys) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String key = prefix + entry.getKey();
      if (entry.getValue() instanceof ConfigObject inner && !inner.isEmpty()) {
        leaves(key + ".", inner, keys);
      } else {
        keys.add(key);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everySettingIsReadAndWrittenAndExplained(Setting setting) {
    SettingLayers defaults = SettingLayers.defaults();
    RunConfig standard = RunConfig.load(defaults);
    RunConfig changed = RunConfig.load(defaults.options(Map.of(setting, OTHER.get(setting))));

    assertThat(changed).isNotEqualTo(standard);
    assertThat(RunConfig.load(defaults.stored(changed.render()))).isEqualTo(changed);
    assertThat(changed.settings().keySet()).isEqualTo(standard.settings().keySet());
    assertThat(changed.settings().get(setting.key()))
        .isNotEqualTo(standard.settings().get(setting.key()));
    changed.settings().keySet().stream()
        .filter(key -> !key.equals(setting.key()))
        .forEach(
            key -> assertThat(changed.settings().get(key)).isEqualTo(standard.settings().get(key)));
    assertThat(defaults.comment(setting)).isNotBlank().endsWith(".");
  }

  /** For each setting a valid value that is not the default. */
  private static final Map<Setting, Object> OTHER =
      Map.ofEntries(
          Map.entry(Setting.POOL_SOURCES, List.of("a,b.json", "c*.jsonl")),
          Map.entry(Setting.POOL_FORMAT, "prompt-completion"),
          Map.entry(Setting.POOL_COLUMNS, "instruction=question,output=the answer"),
          Map.entry(Setting.POOL_MAX_REJECT_SHARE, "0.2"),
          Map.entry(Setting.ASSESSMENT_SOURCE, "tasks.jsonl"),
          Map.entry(Setting.ASSESSMENT_SIZE, "48"),
          Map.entry(Setting.ASSESSMENT_DRAWN_SIZE, "32"),
          Map.entry(Setting.ASSESSMENT_DRAW, "clustered"),
          Map.entry(Setting.ASSESSMENT_STRATIFY_BY, "task"),
          Map.entry(Setting.MODEL_PATH, "models/tiny"),
          Map.entry(Setting.MODEL_DTYPE, "bfloat16"),
          Map.entry(Setting.DEVICE, "cpu"),
          Map.entry(Setting.MODEL_THREADS, "2"),
          Map.entry(Setting.MODEL_CACHE, "/scratch/models"),
          Map.entry(Setting.PROMPT_TEMPLATE, "chat"),
          Map.entry(Setting.PROMPT_SEPARATOR, "\n\"\t"),
          Map.entry(Setting.PROMPT_DEMONSTRATION_TOKENS, "100"),
          Map.entry(Setting.PROMPT_PROMPT_TOKENS, "101"),
          Map.entry(Setting.PROMPT_RESPONSE_TOKENS, "102"),
          Map.entry(Setting.SCORE_MEASURE, "log"),
          Map.entry(Setting.SCORE_COMPAT, "official"),
          Map.entry(Setting.SCORE_CANDIDATES, "all"),
          Map.entry(Setting.SCORE_BATCH_TOKENS, "512"),
          Map.entry(Setting.SCORE_SHARD_TOKENS, "5000000000"),
          Map.entry(Setting.SCORE_GROUP_WEIGHTS, "maths=2,chat.v2=0.5"),
          Map.entry(Setting.SELECTOR_KIND, "ngram"),
          Map.entry(Setting.SELECTOR_HOLD_OUT, "0.25"),
          Map.entry(Setting.RANK_BY, "measured"),
          Map.entry(Setting.SELECTION_BUDGET, "2000000tokens"),
          Map.entry(Setting.TABLES_SELECTION, "catalog.db.`a table`"),
          Map.entry(Setting.TABLES_CONTRIBUTIONS, "db.contributions"),
          Map.entry(Setting.TABLES_OVERWRITE, "true"),
          Map.entry(Setting.SELECTION_GROUP_BY, "task"),
          Map.entry(Setting.RUN_SEED, "-7"),
          Map.entry(Setting.RUN_OUT, "runs/x"),
          Map.entry(Setting.RUN_DOCTOR, "false"),
          Map.entry(Setting.RUN_EXECUTOR_WAIT, "5"));

  @Test
  void optionsWinOverTheFileTheFileOverTheRunFolderAndThatOverTheDefaults() throws IOException {
    Path file = write("icon { score { candidates = 30, batchTokens = 31, shardTokens = 32 } }");
    SettingLayers layers =
        SettingLayers.defaults()
            .stored("{icon.score {candidates: 20, batchTokens: 21, shardTokens: 22, measure: log}}")
            .file(file)
            .options(Map.of(Setting.SCORE_CANDIDATES, "40"));

    ScoreConfig score = RunConfig.load(layers).score();

    assertThat(score.candidates()).isEqualTo(40);
    assertThat(score.batchTokens()).isEqualTo(31);
    assertThat(score.shardTokens()).isEqualTo(32);
    assertThat(score.measure()).isEqualTo(ContributionMeasure.LOG);
    assertThat(score.compat()).isEqualTo(ScoreConfig.Compat.NONE);
  }

  @Test
  void anUnknownKeyOfAFileIsRefusedWithItsLineAndTheNearestOne() throws IOException {
    Path file = write("icon.score {\n  measure = log\n  canddates = 5\n}");

    assertThatThrownBy(() -> SettingLayers.defaults().file(file))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Invalid setting icon.score.canddates: no such setting, at %s:3%n".formatted(file)
                + "  Did you mean icon.score.candidates? conf/icon-defaults.conf lists all.");
  }

  @Test
  void aFileThatDoesNotParseIsRefusedWithItsLine() throws IOException {
    Path file = write("icon {\n  seed = = 2\n");

    assertThatThrownBy(() -> SettingLayers.defaults().file(file))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Cannot read settings: " + file)
        .hasMessageContaining(": 2:");
  }

  @Test
  void aMissingFileIsRefused() {
    Path file = folder.resolve("no.conf");

    assertThatThrownBy(() -> SettingLayers.defaults().file(file))
        .isInstanceOf(UserError.class)
        .hasMessage("Cannot read settings: " + file + " is not a readable file\n  Check --config.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POOL_FORMAT|csv|be one of auto, sharegpt, messages, alpaca, prompt-completion",
        "POOL_COLUMNS|instruction|be pairs name=value with commas between",
        "POOL_COLUMNS|=a|be pairs name=value with commas between",
        "POOL_COLUMNS|a=b,|be pairs name=value with commas between",
        "POOL_COLUMNS|a=b,a=c|name a once",
        "POOL_COLUMNS|answer=output|map fields among completion, conversations, group, id, input,"
            + " instruction, messages, output, prompt to columns",
        "POOL_MAX_REJECT_SHARE|1.01|be a share from 0 to 1",
        "POOL_MAX_REJECT_SHARE|-0.1|be a share from 0 to 1",
        "POOL_MAX_REJECT_SHARE|NaN|be a share from 0 to 1",
        "POOL_MAX_REJECT_SHARE|few|be a share from 0 to 1",
        "ASSESSMENT_SIZE|-1|be a whole number from 1, or 0 for all",
        "ASSESSMENT_DRAWN_SIZE|0|be a whole number from 1",
        "ASSESSMENT_DRAW|random|be one of stratified, clustered",
        "MODEL_DTYPE|int8|be one of float32, bfloat16",
        "DEVICE|tpu|be one of auto, cpu, gpu",
        "MODEL_THREADS|-1|be a whole number from 1, or 0 for all cores",
        "PROMPT_TEMPLATE|alpaca|be one of rico, chat",
        "PROMPT_DEMONSTRATION_TOKENS|0|be a whole number of tokens from 1",
        "PROMPT_PROMPT_TOKENS|0|be a whole number of tokens from 1",
        "PROMPT_RESPONSE_TOKENS|0|be a whole number of tokens from 1",
        "SCORE_MEASURE|RICO|be one of rico, icon, log",
        "SCORE_COMPAT|yes|be one of none, official",
        "SCORE_CANDIDATES|-3|be a whole number from 1, or all",
        "SCORE_CANDIDATES|0|be a whole number from 1, or all",
        "SCORE_CANDIDATES|many|be a whole number from 1, or all",
        "SCORE_BATCH_TOKENS|0|be a whole number of tokens from 1",
        "SCORE_SHARD_TOKENS|0|be a whole number of tokens from 1",
        "SCORE_GROUP_WEIGHTS|maths=heavy|be weights from 0",
        "SELECTOR_KIND|lora|be one of probe, ngram, none",
        "SELECTOR_HOLD_OUT|0|be a share above 0 and below 1",
        "SELECTOR_HOLD_OUT|1|be a share above 0 and below 1",
        "RANK_BY|length|be one of expected, predicted, measured",
        "SELECTION_BUDGET|101%|be a share up to 100% such as 15%, samples such as 5000 or tokens"
            + " such as 2000000tokens, above 0, or one of these for each group such as"
            + " group:cot=500,niv=10%",
        "TABLES_SELECTION|my table|be a table name such as db.table",
        "TABLES_CONTRIBUTIONS|s3a://bucket/table|be a table name such as db.table",
        "TABLES_OVERWRITE|yes|be true or false",
        "RUN_SEED|one|be a whole number",
      })
  void aWrongValueIsRefusedWithItsRuleAndItsOption(Setting setting, String value, String rule) {
    SettingLayers layers = SettingLayers.defaults().options(Map.of(setting, value));

    assertThatThrownBy(() -> RunConfig.load(layers))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Invalid setting " + setting.key() + ": must " + rule + ", got ")
        .hasMessageContaining(value.equals("maths=heavy") ? "heavy" : value.split("\\.", -1)[0])
        .hasMessageContaining("\n  Set " + setting.option() + " ");
  }

  @ParameterizedTest
  @CsvSource({"0", "0%", "0.0%", "0tokens", "-5", "15 %", "5k", "''", "100.01%"})
  void aBudgetOfNothingOrOfNoFormIsRefused(String budget) {
    SettingLayers layers =
        SettingLayers.defaults().options(Map.of(Setting.SELECTION_BUDGET, budget));

    assertThatThrownBy(() -> RunConfig.load(layers))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("icon.selection.budget: must be")
        .hasMessageContaining(", got " + budget);
  }

  @ParameterizedTest
  @EnumSource
  void everyTrainedSelectorIsTheCoresOfTheSameName(SelectorKind kind) {
    assertThat(SelectorConfig.Kind.valueOf(kind.name()).trained()).contains(kind);
    assertThat(SelectorConfig.Kind.valueOf(kind.name()).text()).isEqualTo(kind.setting());
    assertThat(SelectorConfig.Kind.NONE.trained()).isEmpty();
  }

  @Test
  void onlySelectNeedsNoModel() {
    RunConfig config =
        RunConfig.load(
            SettingLayers.defaults()
                .options(
                    Map.of(
                        Setting.RUN_OUT, "r",
                        Setting.POOL_SOURCES, "p",
                        Setting.ASSESSMENT_SOURCE, "a",
                        Setting.SELECTOR_KIND, "none")));

    assertThat(config.requireFor(List.of(StageName.SELECT))).isSameAs(config);
    for (StageName stage : StageName.RANK.upTo()) {
      assertThatThrownBy(() -> config.requireFor(List.of(stage)))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("Invalid setting icon.model.path: must name a checkpoint, got");
    }
  }

  @Test
  void rankingByPredictionNeedsASelector() {
    SettingLayers layers =
        SettingLayers.defaults()
            .options(Map.of(Setting.RANK_BY, "predicted", Setting.SELECTOR_KIND, "none"));

    assertThatThrownBy(() -> RunConfig.load(layers))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "icon.rank.by: must not be predicted while icon.selector.kind is none, got predicted");
  }

  @Test
  void aListInAFileIsReadAsGiven() throws IOException {
    Path file =
        write("icon.pool { sources = [a.json, \"b c.json\"], columns { output = answer } }");

    PoolConfig pool = RunConfig.load(SettingLayers.defaults().file(file)).pool();

    assertThat(pool.sources()).containsExactly("a.json", "b c.json");
    assertThat(pool.columns().columns()).containsExactly(Map.entry("output", "answer"));
  }

  @Test
  void aValueOfTheWrongTypeIsRefusedInTheSameWords() throws IOException {
    Path file = write("icon.score.candidates = [1, 2]");

    assertThatThrownBy(() -> RunConfig.load(SettingLayers.defaults().file(file)))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "Invalid setting icon.score.candidates: must be a text or a number, got [1, 2]");
  }

  @Test
  void settingsAreFlatText() {
    RunConfig config =
        RunConfig.load(
            SettingLayers.defaults()
                .options(
                    Map.of(
                        Setting.POOL_SOURCES,
                        List.of("a.json"),
                        Setting.SCORE_GROUP_WEIGHTS,
                        "maths=2")));

    assertThat(config.settings())
        .containsEntry("icon.pool.sources", "[\"a.json\"]")
        .containsEntry("icon.score.groupWeights", "{\"maths\":\"2.0\"}")
        .containsEntry("icon.score.candidates", "5000")
        .containsEntry("icon.selection.budget", "15%");
  }

  @Test
  void sizeZeroMeansTheWholeFileOrTheDrawnSize() {
    AssessmentConfig drawn = new AssessmentConfig("", 0, 64, AssessmentConfig.Draw.CLUSTERED, "");
    AssessmentConfig file =
        new AssessmentConfig("a.jsonl", 0, 64, AssessmentConfig.Draw.CLUSTERED, "");

    assertThat(drawn.examples()).isEqualTo(64);
    assertThat(file.examples()).isEqualTo(Integer.MAX_VALUE);
    assertThat(new AssessmentConfig("", 5, 64, AssessmentConfig.Draw.CLUSTERED, "").examples())
        .isEqualTo(5);
  }

  @Test
  void itSurvivesSerialization() throws IOException, ClassNotFoundException {
    RunConfig config =
        RunConfig.load(SettingLayers.defaults().options(Map.of(Setting.POOL_COLUMNS, "output=b")));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(config);
    }

    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(config);
    }
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("my.conf"), text);
  }
}

package ai.icon.spark.config;

import ai.icon.error.UserError;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Every setting: its key, its option on the command line, and what its option takes. The defaults
 * stand in {@code conf/icon-defaults.conf} and nowhere else.
 */
public enum Setting {
  POOL_SOURCES("icon.pool.sources", "--pool", "<file>"),
  POOL_FORMAT("icon.pool.format", "--format", "<shape>"),
  POOL_COLUMNS("icon.pool.columns", "--columns", "<field=column,...>"),
  POOL_MAX_REJECT_SHARE("icon.pool.maxRejectShare", "--max-reject-share", "<share>"),
  ASSESSMENT_SOURCE("icon.assessment.source", "--assessment", "<file>"),
  ASSESSMENT_SIZE("icon.assessment.size", "--assessment-size", "<examples>"),
  ASSESSMENT_DRAWN_SIZE("icon.assessment.drawnSize", "--assessment-drawn-size", "<examples>"),
  ASSESSMENT_DRAW("icon.assessment.draw", "--assessment-draw", "<way>"),
  ASSESSMENT_STRATIFY_BY("icon.assessment.stratifyBy", "--stratify-by", "<column>"),
  MODEL_PATH("icon.model.path", "--model", "<path>"),
  MODEL_DTYPE("icon.model.dtype", "--dtype", "<type>"),
  MODEL_THREADS("icon.model.threads", "--threads", "<threads>"),
  MODEL_CACHE("icon.model.cache", "--model-cache", "<folder>"),
  DEVICE("icon.device", "--device", "<device>"),
  PROMPT_TEMPLATE("icon.prompt.template", "--template", "<name>"),
  PROMPT_SEPARATOR("icon.prompt.separator", "--separator", "<text>"),
  PROMPT_DEMONSTRATION_TOKENS(
      "icon.prompt.demonstrationTokens", "--max-demonstration-tokens", "<tokens>"),
  PROMPT_PROMPT_TOKENS("icon.prompt.promptTokens", "--max-prompt-tokens", "<tokens>"),
  PROMPT_RESPONSE_TOKENS("icon.prompt.responseTokens", "--max-response-tokens", "<tokens>"),
  SCORE_MEASURE("icon.score.measure", "--measure", "<name>"),
  SCORE_COMPAT("icon.score.compat", "--compat", "<name>"),
  SCORE_CANDIDATES("icon.score.candidates", "--candidates", "<samples|all>"),
  SCORE_BATCH_TOKENS("icon.score.batchTokens", "--batch-tokens", "<tokens>"),
  SCORE_SHARD_TOKENS("icon.score.shardTokens", "--shard-tokens", "<tokens>"),
  SCORE_GROUP_WEIGHTS("icon.score.groupWeights", "--group-weights", "<group=weight,...>"),
  SELECTOR_KIND("icon.selector.kind", "--selector", "<kind>"),
  SELECTOR_HOLD_OUT("icon.selector.holdOut", "--hold-out", "<share>"),
  RANK_BY("icon.rank.by", "--rank-by", "<score>"),
  SELECTION_BUDGET("icon.selection.budget", "--budget", "<amount>"),
  TABLES_SELECTION("icon.tables.selection", "--save-selection-as", "<table>"),
  TABLES_CONTRIBUTIONS("icon.tables.contributions", "--save-contributions-as", "<table>"),
  TABLES_OVERWRITE("icon.tables.overwrite", "--overwrite-tables", "<true|false>"),
  SELECTION_GROUP_BY("icon.selection.groupBy", "--group-by", "<column>"),
  RUN_SEED("icon.run.seed", "--seed", "<number>"),
  RUN_OUT("icon.run.out", "--out", "<folder>"),
  RUN_DOCTOR("icon.run.doctor", "--doctor", "<true|false>"),
  RUN_EXECUTOR_WAIT("icon.run.executorWait", "--executor-wait", "<seconds>");

  private final String key;
  private final String option;
  private final String label;

  Setting(String key, String option, String label) {
    this.key = key;
    this.option = option;
    this.label = label;
  }

  /** The full key, such as {@code icon.score.candidates}. */
  public String key() {
    return key;
  }

  /** The option, such as {@code --candidates}. */
  public String option() {
    return option;
  }

  /** What the option takes, for help, such as {@code <samples|all>}. */
  public String label() {
    return label;
  }

  /**
   * The part of the tree it belongs to, such as {@code score}. The device stands alone in the tree
   * and belongs to the model.
   */
  public String section() {
    return this == DEVICE ? MODEL_PATH.section() : key.split("\\.", -1)[1];
  }

  /** Whether its value is a table of names, in files {@code {a = b}} and in options {@code a=b}. */
  public boolean isTable() {
    return this == POOL_COLUMNS || this == SCORE_GROUP_WEIGHTS;
  }

  /** Whether its value is a list; its option may be repeated. */
  public boolean isList() {
    return this == POOL_SOURCES;
  }

  /** Whether its option may stand alone, for true. */
  public boolean isSwitch() {
    return this == TABLES_OVERWRITE;
  }

  /** The settings of some sections, in the order of the data. */
  public static Set<Setting> of(String... sections) {
    List<String> wanted = List.of(sections);
    EnumSet<Setting> settings = EnumSet.noneOf(Setting.class);
    Arrays.stream(values()).filter(s -> wanted.contains(s.section())).forEach(settings::add);
    return Collections.unmodifiableSet(settings);
  }

  /**
   * Refuses a value.
   *
   * @param rule what the value must be, after "must"
   * @param got the value as text
   */
  public UserError invalid(String rule, Object got) {
    return new UserError(message(rule, got), cure());
  }

  /** Throws {@link #invalid} unless the rule holds. */
  void check(boolean holds, String rule, Object got) {
    if (!holds) {
      throw invalid(rule, got);
    }
  }

  /**
   * What a parser of the core gives; its refusal is told as one of this setting, so that the user
   * reads where the value came from.
   */
  <T> T parsed(Supplier<T> parser, String rule, Object got) {
    try {
      return parser.get();
    } catch (UserError e) {
      throw new UserError(message(rule, got), cure(), e);
    }
  }

  private String message(String rule, Object got) {
    return "Invalid setting " + key + ": must " + rule + ", got " + got;
  }

  private String cure() {
    return "Set " + option + " " + label + ", or " + key + " in the file given by --config.";
  }
}

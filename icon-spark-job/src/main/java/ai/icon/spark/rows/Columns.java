package ai.icon.spark.rows;

/**
 * Every column name of every table, once. Ids are strings; losses (nats per token) and scores are
 * doubles; token counts are ints; lines and positions are longs that count from 1.
 */
public final class Columns {
  /** Id of a sample of the pool: its content hash or the value of the user's id column. */
  public static final String SAMPLE_ID = "sample_id";

  /** File or table that a row came from. */
  public static final String SOURCE = "source";

  /** Line or row in the source, from 1. */
  public static final String LINE = "line";

  /** What is asked; null for a conversation. */
  public static final String INSTRUCTION = "instruction";

  /** What it is asked about; null for a conversation. */
  public static final String INPUT = "input";

  /** The answer; null for a conversation. */
  public static final String OUTPUT = "output";

  /** Turns of a conversation, structs of role and content; null for an instruction. */
  public static final String MESSAGES = "messages";

  /** Who speaks, inside {@link #MESSAGES}. */
  public static final String ROLE = "role";

  /** What is said, inside {@link #MESSAGES}. */
  public static final String CONTENT = "content";

  /** Rendered text before the response. */
  public static final String PROMPT = "prompt";

  /** Text whose loss is taken. */
  public static final String RESPONSE = "response";

  /** What the template puts after the response. */
  public static final String ENDING = "ending";

  /** Tokens of the whole sample as a demonstration, after cutting. */
  public static final String TOKENS = "tokens";

  /** Tokens of the response, after cutting. */
  public static final String RESPONSE_TOKENS = "response_tokens";

  /** Tokens of the prompt, after cutting. */
  public static final String PROMPT_TOKENS = "prompt_tokens";

  /** Whether the sample was too long as a demonstration and lost its end. */
  public static final String CUT = "cut";

  /** Whether the prompt lost its start. */
  public static final String PROMPT_CUT = "prompt_cut";

  /** Whether the response lost its end. */
  public static final String RESPONSE_CUT = "response_cut";

  /** The object as it came in, as compact JSON. */
  public static final String RAW = "raw";

  /** Reason code of a reject. */
  public static final String CODE = "code";

  /** Reason of a reject in words. */
  public static final String MESSAGE = "message";

  /** Id of an assessed example. */
  public static final String ASSESSED_ID = "assessed_id";

  /** Group (task) of an assessed example. */
  public static final String GROUP = "group";

  /** Whether an assessed example was drawn from the pool. */
  public static final String FROM_POOL = "from_pool";

  /** Loss of an assessed example by itself. */
  public static final String BASELINE_NLL = "baseline_nll";

  /** Loss of an assessed example behind the candidate. */
  public static final String CONDITIONED_NLL = "conditioned_nll";

  /** Loss of an assessed example behind as many meaningless tokens. */
  public static final String CONTROL_NLL = "control_nll";

  /** Length bucket of the control bank, tokens. */
  public static final String BUCKET = "bucket";

  /** Draw of the control bank, from 0. */
  public static final String DRAW = "draw";

  /** Pair contribution in pairs, global contribution in contributions. */
  public static final String CONTRIBUTION = "contribution";

  /** Standard error of the global contribution. */
  public static final String STANDARD_ERROR = "standard_error";

  /** Pairs with a finite contribution. */
  public static final String FINITE_PAIRS = "finite_pairs";

  /** Share of pairs above 0. */
  public static final String CONSISTENCY = "consistency";

  /** Variance over pairs. */
  public static final String STABILITY = "stability";

  /** Share of pairs above 0.5. */
  public static final String COVERAGE = "coverage";

  /** The squashed mean of method.md; written, never ranked by. */
  public static final String SIGNIFICANCE = "significance";

  /** Tokens of the candidate as a demonstration, after cutting. */
  public static final String DEMONSTRATION_TOKENS = "demonstration_tokens";

  /** Mean contribution by group. */
  public static final String GROUP_CONTRIBUTION = "group_contribution";

  /** Share of pairs whose conditioned loss is below the baseline loss (Nuggets). */
  public static final String GOLDEN_SCORE = "golden_score";

  /** Mean of the baseline over the conditioned loss. */
  public static final String LOSS_RATIO = "loss_ratio";

  /** Whether the demonstration lost its end. */
  public static final String DEMONSTRATION_CUT = "demonstration_cut";

  /** Rank, from 1. */
  public static final String POSITION = "position";

  /** What the ranking is by. */
  public static final String SCORE = "score";

  /** Measured contribution; null where the sample was not scored. */
  public static final String MEASURED = "measured";

  /** Predicted contribution; null where no selector was used. */
  public static final String PREDICTED = "predicted";

  /** {@code scored} or {@code predicted}. */
  public static final String ORIGIN = "origin";

  private Columns() {}
}

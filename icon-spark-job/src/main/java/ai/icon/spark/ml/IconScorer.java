package ai.icon.spark.ml;

import ai.icon.spark.rows.Table;
import ai.icon.spark.run.StageName;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Scores samples in context and appends what the run folder's contributions hold: {@code
 * contribution}, {@code standard_error}, {@code finite_pairs}, {@code consistency} and the others
 * of {@code docs/tables.md}. All rows of a data frame are the pool; {@link #candidates} of them are
 * scored and the others get nulls, as do rows that are no samples or overlap with the assessed
 * examples. Rows of equal content get equal values.
 *
 * <p>The work is done when {@link #transform} is called, and not when its result is used. It is
 * done once for each content of the data frame: calls with equal rows and parameters find it in the
 * run folder.
 */
public final class IconScorer extends Transformer
    implements IconParams<IconScorer>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final StageParams params;

  /** A scorer with a name of its own. */
  public IconScorer() {
    this(Identifiable$.MODULE$.randomUID("icon_scorer"));
  }

  /** A scorer with a given name. */
  public IconScorer(String uid) {
    this.uid = uid;
    this.params = StageParams.of(this);
  }

  /** Reads a scorer that was saved. */
  public static MLReader<IconScorer> read() {
    return new Reader().read();
  }

  /** The scorer that was saved in a folder. */
  public static IconScorer load(String path) {
    return read().load(path);
  }

  private static final class Reader implements DefaultParamsReadable<IconScorer> {}

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public StageParams stageParams() {
    return params;
  }

  @Override
  public IconScorer stage() {
    return this;
  }

  /**
   * Scores and appends.
   *
   * @throws ai.icon.error.UserError if a setting or input is wrong, or the frame has a column that
   *     is to be appended
   */
  @Override
  public Dataset<Row> transform(Dataset<?> samples) {
    transformSchema(samples.schema()); // refuses a name twice before the work, not behind it
    SampleFrame frame = SampleFrame.of(samples);
    IconRun run = icon().run(samples, frame, StageName.SCORE);
    return frame.with(run.contributions(), run.config().pool());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return SampleFrame.with(schema, Table.CONTRIBUTIONS.schema());
  }

  @Override
  public IconScorer copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}

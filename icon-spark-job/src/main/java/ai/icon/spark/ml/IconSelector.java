package ai.icon.spark.ml;

import ai.icon.spark.run.StageName;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Scores candidates in context and trains the selector on them: {@link #fit} gives a model that
 * ranks these samples or others and cuts the ranking at a budget.
 *
 * <p>Where every sample of the data frame is a candidate, there is nothing to predict and nothing
 * is trained, and the model can rank these samples alone. To rank others as well, leave {@link
 * #candidates} below their number, or set {@code rank.by=predicted}.
 */
public final class IconSelector extends Estimator<IconSelectorModel>
    implements IconParams<IconSelector>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final StageParams params;
  private final Param<String> budget;

  /** A selector with a name of its own. */
  public IconSelector() {
    this(Identifiable$.MODULE$.randomUID("icon_selector"));
  }

  /** A selector with a given name. */
  public IconSelector(String uid) {
    this.uid = uid;
    this.params = StageParams.of(this);
    this.budget = StageParams.budget(this);
  }

  /** Reads a selector that was saved. */
  public static MLReader<IconSelector> read() {
    return new Reader().read();
  }

  /** The selector that was saved in a folder. */
  public static IconSelector load(String path) {
    return read().load(path);
  }

  private static final class Reader implements DefaultParamsReadable<IconSelector> {}

  /** How much the model selects: {@code 15%}, {@code 5000} samples or {@code 2000000tokens}. */
  public Param<String> budget() {
    return budget;
  }

  /** Sets {@link #budget}. */
  public IconSelector setBudget(String amount) {
    set(budget, amount);
    return this;
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public StageParams stageParams() {
    return params;
  }

  @Override
  public IconSelector stage() {
    return this;
  }

  @Override
  public Icon icon() {
    Icon icon = IconParams.super.icon();
    return isSet(budget) ? icon.set("selection.budget", getOrDefault(budget)) : icon;
  }

  /**
   * Scores and trains; what the run folder has already is not done again.
   *
   * @throws ai.icon.error.UserError if a setting or input is wrong
   */
  @Override
  public IconSelectorModel fit(Dataset<?> samples) {
    transformSchema(samples.schema());
    IconRun run = icon().run(samples, SampleFrame.of(samples), StageName.TRAIN);
    IconSelectorModel model = new IconSelectorModel(uid).setFittedFolder(run.folder());
    if (isSet(budget)) {
      model.setBudget(getOrDefault(budget));
    }
    return model.setParent(this);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return IconSelectorModel.appended(schema);
  }

  @Override
  public IconSelector copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}

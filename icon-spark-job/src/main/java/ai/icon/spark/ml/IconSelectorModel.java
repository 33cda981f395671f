package ai.icon.spark.ml;

import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.run.StageName;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Ranks samples by what an {@link IconSelector} measured and learnt, and cuts at a budget. Appends
 * {@code position} from 1, {@code score}, {@code measured}, {@code predicted}, {@code origin} and
 * {@code selected}; rows that are no samples or overlap with the assessed examples get nulls and
 * are not selected. Rows of equal content get equal values: drop duplicates first where a sample
 * may be selected once only.
 *
 * <p>The samples that it was fitted on are ranked in the run folder of the fit. Others get a run
 * folder of their own, {@link #runFolder}, where what was measured and learnt is taken over. With
 * the selector {@code probe} the checkpoint is read again.
 */
public final class IconSelectorModel extends Model<IconSelectorModel>
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> fittedFolder;
  private final Param<String> modelPath;
  private final Param<String> runFolder;
  private final Param<String> budget;

  /** A model without a fit, to be filled by a reader or copy. */
  public IconSelectorModel(String uid) {
    this.uid = uid;
    this.fittedFolder = StageParams.text(this, "fittedFolder", "run folder of the fit");
    this.modelPath =
        StageParams.text(this, "modelPath", "folder of the checkpoint, where it has moved");
    this.runFolder =
        StageParams.text(this, "runFolder", "run folder for samples that were not fitted on");
    this.budget = StageParams.budget(this);
  }

  /** A model that reads what was fitted in a folder. */
  public IconSelectorModel() {
    this(Identifiable$.MODULE$.randomUID("icon_selector_model"));
  }

  /** Reads a model that was saved. */
  public static MLReader<IconSelectorModel> read() {
    return new FittedFolders.Reader();
  }

  /** The model that was saved in a folder. */
  public static IconSelectorModel load(String path) {
    return read().load(path);
  }

  /** Reads the parameters alone. */
  static final class ParamsReader implements DefaultParamsReadable<IconSelectorModel> {}

  /** Writes the parameters, and of the fit's run folder what {@link #transform} needs. */
  @Override
  public MLWriter write() {
    return new FittedFolders.Writer(this);
  }

  MLWriter paramsWriter() {
    return DefaultParamsWritable.super.write();
  }

  /** Run folder of the fit: it can be opened by {@link Icon#open}. */
  public Param<String> fittedFolder() {
    return fittedFolder;
  }

  /** Folder of the checkpoint, if it is no longer where it was at the fit. */
  public Param<String> modelPath() {
    return modelPath;
  }

  /** Run folder for other samples; without it one of the Spark application, see {@link Icon}. */
  public Param<String> runFolder() {
    return runFolder;
  }

  /** How much is selected: {@code 15%}, {@code 5000} samples or {@code 2000000tokens}. */
  public Param<String> budget() {
    return budget;
  }

  IconSelectorModel setFittedFolder(String folder) {
    set(fittedFolder, folder);
    return this;
  }

  /** Sets {@link #modelPath}. */
  public IconSelectorModel setModelPath(String folder) {
    set(modelPath, folder);
    return this;
  }

  /** Sets {@link #runFolder}. */
  public IconSelectorModel setRunFolder(String folder) {
    set(runFolder, folder);
    return this;
  }

  /** Sets {@link #budget}. */
  public IconSelectorModel setBudget(String amount) {
    set(budget, amount);
    return this;
  }

  @Override
  public String uid() {
    return uid;
  }

  /**
   * Ranks, cuts and appends.
   *
   * @throws ai.icon.error.UserError if nothing was learnt by which other samples could be ranked,
   *     an input is wrong, or the frame has a column that is to be appended
   */
  @Override
  public Dataset<Row> transform(Dataset<?> samples) {
    transformSchema(samples.schema());
    SparkSession spark = samples.sparkSession();
    SampleFrame frame = SampleFrame.of(samples);
    IconRun fitted = Icon.open(spark, getOrDefault(fittedFolder));
    IconRun run = frame.whileNamed(source -> ranked(spark, fitted, frame, source));
    return frame
        .with(run.marked(), run.config().pool())
        .withColumn(
            IconRun.SELECTED,
            functions.coalesce(functions.col(IconRun.SELECTED), functions.lit(false)));
  }

  private IconRun ranked(SparkSession spark, IconRun fitted, SampleFrame frame, String source) {
    Map<Setting, Object> given = new EnumMap<>(Setting.class);
    given.put(Setting.POOL_SOURCES, List.of(source));
    if (isSet(modelPath)) {
      given.put(Setting.MODEL_PATH, getOrDefault(modelPath));
    }
    if (isSet(budget)) {
      given.put(Setting.SELECTION_BUDGET, getOrDefault(budget));
    }
    if (fitted.isOf(frame)) {
      given.put(Setting.RUN_OUT, fitted.folder());
      return new LibraryRun(spark, config(fitted, given))
          .run(List.of(StageName.RANK, StageName.SELECT), List.of());
    }
    Map<Setting, String> place = new EnumMap<>(Setting.class);
    place.put(Setting.RUN_OUT, isSet(runFolder) ? getOrDefault(runFolder) : "");
    List<String> origin = List.of(fitted.folder());
    given.put(Setting.RUN_OUT, LibraryFolder.of(spark, place, origin, frame.view()).folder());
    return new LibraryRun(spark, config(fitted, given)).apply(fitted);
  }

  private static RunConfig config(IconRun fitted, Map<Setting, Object> given) {
    return RunConfig.load(SettingLayers.defaults().stored(fitted.config().render()).options(given));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return appended(schema);
  }

  static StructType appended(StructType schema) {
    StructType ranked =
        SampleFrame.with(
            schema,
            new StructType()
                .add(Columns.POSITION, DataTypes.LongType)
                .add(Columns.SCORE, DataTypes.DoubleType)
                .add(Columns.MEASURED, DataTypes.DoubleType)
                .add(Columns.PREDICTED, DataTypes.DoubleType)
                .add(Columns.ORIGIN, DataTypes.StringType)
                .add(IconRun.SELECTED, DataTypes.BooleanType));
    StructField[] withoutSelected = Arrays.copyOf(ranked.fields(), ranked.length() - 1);
    return new StructType(withoutSelected).add(IconRun.SELECTED, DataTypes.BooleanType, false);
  }

  @Override
  public IconSelectorModel copy(ParamMap extra) {
    IconSelectorModel copy = defaultCopy(extra);
    return copy.setParent(parent());
  }
}

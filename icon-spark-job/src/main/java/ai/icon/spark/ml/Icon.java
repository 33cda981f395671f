package ai.icon.spark.ml;

import ai.icon.error.UserError;
import ai.icon.spark.config.Nearest;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import ai.icon.spark.run.StageName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The job for notebooks and programs, in the session of the caller's data frame:
 *
 * <pre>{@code
 * Icon icon = Icon.create().model("models/SmolLM2").assessment("tasks.jsonl").out("runs/first");
 * Dataset<Row> contributions = icon.score(samples).contributions();
 * Dataset<Row> selected = icon.select(samples, "15%");
 * }</pre>
 *
 * <p>It works over a run folder, as {@code submit/icon run} does: what is complete is skipped and
 * what was stopped is gone on with. Without {@link #out} that is a folder for this Spark
 * application below the temporary folder of its file system, removed when the application ends;
 * equal calls of one application share it. Executors on other machines need an {@code out} that
 * they can reach.
 *
 * <p>Every setting of {@code docs/configuration.md} can be {@link #set}. What the command line
 * would exit with is thrown: {@link UserError} for what the caller can mend, {@link
 * ai.icon.error.ResourceError} for what the machine lacks. Immutable and thread-safe; starts and
 * stops no session.
 */
public final class Icon {
  private final Map<Setting, String> settings;
  private final List<String> assessed;
  private final List<StageName> redo;

  private Icon(Map<Setting, String> settings, List<String> assessed, List<StageName> redo) {
    this.settings = new EnumMap<>(Setting.class);
    this.settings.putAll(settings);
    this.assessed = List.copyOf(assessed);
    this.redo = List.copyOf(redo);
  }

  /** All settings as {@code conf/icon-defaults.conf} has them. */
  public static Icon create() {
    return new Icon(Map.of(), List.of(), List.of());
  }

  /**
   * A run that was made before, by this or by {@code submit/icon}.
   *
   * @param spark the caller's session
   * @param folder what {@code --out} or {@link #out} named
   * @throws UserError if there is none
   */
  public static IconRun open(SparkSession spark, String folder) {
    return IconRun.open(spark, folder);
  }

  /** With a checkpoint: a folder, a GGUF file, an id in the hub's cache or a URI. */
  public Icon model(String path) {
    return with(Setting.MODEL_PATH, path);
  }

  /** With the examples on which the loss is watched, as a file of JSON lines. */
  public Icon assessment(String file) {
    return new Icon(with(Setting.ASSESSMENT_SOURCE, file).settings, List.of(), redo);
  }

  /**
   * With the examples on which the loss is watched, as rows with a group each. They are collected
   * now, and kept in the run folder when a run begins.
   */
  public Icon assessment(Dataset<?> examples) {
    return assessmentRows(SampleFrame.sortedJson(examples));
  }

  /** As above, each row as a JSON object. */
  Icon assessmentRows(List<String> json) {
    return new Icon(settings, json, redo);
  }

  /** With a run folder, which is made if it is not there. */
  public Icon out(String folder) {
    return with(Setting.RUN_OUT, folder);
  }

  /**
   * With one more setting.
   *
   * @param key such as {@code icon.score.candidates}; {@code icon.} may be left out
   * @param value as on the command line: {@code all}, {@code 15%}, {@code maths=2,chat=1}
   * @throws UserError if there is no such setting; a wrong value is refused when a run begins
   */
  public Icon set(String key, String value) {
    return with(setting(key), value);
  }

  /**
   * With a stage that the next run does again, and all behind it, although its output is complete.
   *
   * @param stage such as {@code train}
   */
  public Icon redo(String stage) {
    List<StageName> stages = new ArrayList<>(redo);
    try {
      stages.add(StageName.of(stage));
    } catch (IllegalArgumentException e) {
      throw new UserError(String.valueOf(e.getMessage()), "Name one of these stages.", e);
    }
    return new Icon(settings, assessed, stages);
  }

  /**
   * Scores candidates in context.
   *
   * @param samples the pool: rows with the columns of a sample, or others that the setting {@code
   *     pool.columns} maps
   * @return the run, with {@link IconRun#pairs} and {@link IconRun#contributions}
   * @throws UserError if a setting or input is wrong, or the run folder was made with others
   */
  public IconRun score(Dataset<?> samples) {
    return run(samples, SampleFrame.of(samples), StageName.SCORE);
  }

  /**
   * Scores, ranks and cuts at a budget.
   *
   * @param samples as for {@link #score}
   * @param budget {@code 15%}, {@code 5000} samples or {@code 2000000tokens}, or one of these for
   *     each group: {@code group:cot=500,niv=10%}
   * @return position, sample_id, score and origin, then the samples' own columns, in the order of
   *     the ranking; an own column with the name of one of those four is called {@code sample_…}. A
   *     sample that stands there twice is returned once
   * @throws UserError as {@link #score}
   */
  public Dataset<Row> select(Dataset<?> samples, String budget) {
    SampleFrame frame = SampleFrame.of(samples);
    IconRun run = with(Setting.SELECTION_BUDGET, budget).run(samples, frame, StageName.SELECT);
    return run.selectedFrom(frame);
  }

  /** All stages up to one. */
  IconRun run(Dataset<?> samples, SampleFrame frame, StageName last) {
    LibraryFolder place =
        LibraryFolder.of(samples.sparkSession(), settings, assessed, frame.view());
    return frame.whileNamed(
        source -> {
          Map<Setting, Object> given = new EnumMap<>(Setting.class);
          given.putAll(settings);
          given.put(Setting.POOL_SOURCES, List.of(source));
          given.put(Setting.RUN_OUT, place.folder());
          if (!assessed.isEmpty()) {
            given.put(Setting.ASSESSMENT_SOURCE, place.assessmentFile(assessed));
          }
          RunConfig config = RunConfig.load(SettingLayers.defaults().options(given));
          return new LibraryRun(samples.sparkSession(), config).run(last.upTo(), redo);
        });
  }

  private Icon with(Setting setting, String value) {
    Map<Setting, String> more = new EnumMap<>(Setting.class);
    more.putAll(settings);
    more.put(setting, value);
    return new Icon(more, assessed, redo);
  }

  private static Setting setting(String key) {
    String whole = key.startsWith("icon.") ? key : "icon." + key;
    return Arrays.stream(Setting.values())
        .filter(setting -> setting.key().equals(whole))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "Invalid setting " + key + ": no such setting",
                    "Did you mean "
                        + Nearest.to(
                            whole, Arrays.stream(Setting.values()).map(Setting::key).toList())
                        + "? conf/icon-defaults.conf lists all."));
  }
}

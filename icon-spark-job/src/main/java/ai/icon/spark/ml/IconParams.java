package ai.icon.spark.ml;

import ai.icon.error.UserError;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.sql.Dataset;

/**
 * The parameters of icon's stages. What is not set has the default of {@code
 * conf/icon-defaults.conf}.
 *
 * @param <S> the stage
 */
public interface IconParams<S extends IconParams<S>> extends Params {

  /** The parameters themselves. */
  StageParams stageParams();

  /** This stage, for calls in a row. */
  S stage();

  /** Folder of the checkpoint as Hugging Face lays it out. */
  default Param<String> modelPath() {
    return stageParams().modelPath();
  }

  /** File of the examples on which the loss is watched. */
  default Param<String> assessmentPath() {
    return stageParams().assessmentPath();
  }

  /** The examples themselves, a JSON object each; they win over the file. */
  default StringArrayParam assessmentRows() {
    return stageParams().assessmentRows();
  }

  /** Folder of the run; without it one of the Spark application, see {@link Icon}. */
  default Param<String> runFolder() {
    return stageParams().runFolder();
  }

  /** How many samples are scored, drawn with the seed; or {@code all}. */
  default Param<String> candidates() {
    return stageParams().candidates();
  }

  /** Any other settings, {@code key=value} each, such as {@code score.measure=log}. */
  default StringArrayParam settings() {
    return stageParams().settings();
  }

  /** Sets {@link #modelPath}. */
  default S setModelPath(String folder) {
    set(modelPath(), folder);
    return stage();
  }

  /** Sets {@link #assessmentPath}. */
  default S setAssessmentPath(String file) {
    set(assessmentPath(), file);
    return stage();
  }

  /** Sets {@link #assessmentRows} from a data frame, which is collected now. */
  default S setAssessment(Dataset<?> examples) {
    set(assessmentRows(), SampleFrame.sortedJson(examples).toArray(String[]::new));
    return stage();
  }

  /** Sets {@link #runFolder}. */
  default S setRunFolder(String folder) {
    set(runFolder(), folder);
    return stage();
  }

  /** Sets {@link #candidates}. */
  default S setCandidates(String number) {
    set(candidates(), number);
    return stage();
  }

  /**
   * Sets one of {@link #settings}; one of that key is replaced.
   *
   * @throws UserError if there is no such setting
   */
  default S setSetting(String key, String value) {
    Icon.create().set(key, value);
    String[] before = isSet(settings()) ? getOrDefault(settings()) : new String[0];
    List<String> others = Arrays.stream(before).filter(one -> !one.startsWith(key + "=")).toList();
    String[] all = Arrays.copyOf(others.toArray(String[]::new), others.size() + 1);
    all[others.size()] = key + "=" + value;
    set(settings(), all);
    return stage();
  }

  /** The facade with these parameters. */
  default Icon icon() {
    Icon icon = Icon.create();
    if (isSet(settings())) {
      for (String one : getOrDefault(settings())) {
        int equals = one.indexOf('=');
        if (equals < 1) {
          throw new UserError(
              "Invalid parameter settings: must hold key=value each, got " + one,
              "Write it as score.measure=log.");
        }
        icon = icon.set(one.substring(0, equals), one.substring(equals + 1));
      }
    }
    icon = isSet(modelPath()) ? icon.model(getOrDefault(modelPath())) : icon;
    icon = isSet(candidates()) ? icon.set("score.candidates", getOrDefault(candidates())) : icon;
    icon = isSet(runFolder()) ? icon.out(getOrDefault(runFolder())) : icon;
    icon = isSet(assessmentPath()) ? icon.assessment(getOrDefault(assessmentPath())) : icon;
    return isSet(assessmentRows())
        ? icon.assessmentRows(List.of(getOrDefault(assessmentRows())))
        : icon;
  }
}

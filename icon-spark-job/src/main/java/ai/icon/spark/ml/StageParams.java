package ai.icon.spark.ml;

import java.io.Serializable;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.Identifiable;

/**
 * The parameters that every stage of icon has; each belongs to the stage it was made for.
 *
 * @param modelPath see {@link IconParams#modelPath}
 * @param assessmentPath see {@link IconParams#assessmentPath}
 * @param assessmentRows see {@link IconParams#assessmentRows}
 * @param runFolder see {@link IconParams#runFolder}
 * @param candidates see {@link IconParams#candidates}
 * @param settings see {@link IconParams#settings}
 */
public record StageParams(
    Param<String> modelPath,
    Param<String> assessmentPath,
    StringArrayParam assessmentRows,
    Param<String> runFolder,
    Param<String> candidates,
    StringArrayParam settings)
    implements Serializable {

  /** New ones for a stage that has its uid already. */
  static StageParams of(IconParams<?> stage) {
    return new StageParams(
        text(stage, "modelPath", "folder of the checkpoint as Hugging Face lays it out"),
        text(stage, "assessmentPath", "file of the examples on which the loss is watched"),
        new StringArrayParam(
            stage, "assessmentRows", "the examples themselves, a JSON object each"),
        text(stage, "runFolder", "folder of the run; without it one of the Spark application"),
        text(stage, "candidates", "how many samples are scored, drawn with the seed; or all"),
        new StringArrayParam(stage, "settings", "any other settings, key=value each"));
  }

  /** How much is selected. */
  static Param<String> budget(Identifiable stage) {
    return text(stage, "budget", "how much is selected: 15%, 5000 samples or 2000000tokens");
  }

  /** A parameter that is a text. */
  static Param<String> text(Identifiable stage, String name, String meaning) {
    return new Param<>(stage, name, meaning);
  }
}

package ai.icon.spark.stage;

import ai.icon.assessment.AssessedExample;
import ai.icon.assessment.AssessmentSet;
import ai.icon.prompt.Question;
import ai.icon.prompt.UnscorableException;
import ai.icon.sample.Reject;
import ai.icon.spark.executor.LoadedModel;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Where assessed examples come from: a file of the user's, or the samples themselves. */
interface AssessmentSource {
  /**
   * What was read.
   *
   * @param set the examples
   * @param drawnSamples ids of the samples that became examples, none for a file
   * @param rejects rows that could not be used, in the order of the file
   */
  record Assessed(AssessmentSet set, Set<String> drawnSamples, List<Reject> rejects) {}

  /** Reads or draws the set. */
  Assessed read(StageContext context) throws IOException;

  /**
   * An assessed example from its texts.
   *
   * @throws UnscorableException if nothing of the response can be scored
   */
  static AssessedExample example(LoadedModel model, String group, String prompt, String response) {
    Question question = model.sequences().question(prompt, response);
    return new AssessedExample(
        AssessedExample.idOf(prompt, response),
        group,
        prompt,
        response,
        question.promptIds(),
        question.responseIds(),
        question.cuts().prompt(),
        question.cuts().response());
  }
}

package ai.icon.spark.stage;

import ai.icon.spark.run.StageName;
import java.io.IOException;
import java.util.SortedMap;

/** One stage of a run: reads tables, writes tables, says what it did. */
interface Stage {
  StageName name();

  /** Everything that its output depends on, stages before it left out; unequal inputs, no reuse. */
  SortedMap<String, String> inputs(StageContext context);

  /**
   * Refuses early what this stage would refuse anyway: called before the first stage does any work.
   *
   * @throws ai.icon.error.UserError if an input or setting of this stage alone is wrong
   */
  default void check(StageContext context) throws IOException {
    inputs(context);
  }

  /** Does the work; what a killed run left is taken up or overwritten. */
  StageOutcome run(StageContext context) throws IOException;
}

package ai.icon.spark.doctor;

import ai.icon.spark.config.AssessmentConfig;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.SelectorConfig;
import ai.icon.spark.run.StageName;
import java.util.Collection;

/**
 * What some stages want of the model: where it is not run, neither weights nor GPUs matter.
 *
 * @param forwards whether any of them runs it
 * @param trainsOnStates whether the driver's heap holds the hidden states of all candidates
 */
record ModelUse(boolean forwards, boolean trainsOnStates) {
  static ModelUse of(RunConfig config, Collection<StageName> stages) {
    boolean probes = config.selector().kind() == SelectorConfig.Kind.PROBE;
    return new ModelUse(
        stages.stream().anyMatch(stage -> forwards(config, stage)),
        probes && stages.contains(StageName.TRAIN));
  }

  private static boolean forwards(RunConfig config, StageName stage) {
    return switch (stage) {
      case INGEST, SELECT -> false;
      case ASSESS ->
          config.assessment().isDrawn()
              && config.assessment().draw() == AssessmentConfig.Draw.CLUSTERED;
      case SCORE -> true;
      case TRAIN, RANK -> config.selector().kind() == SelectorConfig.Kind.PROBE;
    };
  }
}

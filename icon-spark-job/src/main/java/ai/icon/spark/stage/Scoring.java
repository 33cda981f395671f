package ai.icon.spark.stage;

import ai.icon.assessment.AssessmentSet;
import ai.icon.contribution.ContributionScorer;
import ai.icon.contribution.Noise;
import ai.icon.contribution.OfficialRecipe;
import ai.icon.loss.LossModel;
import ai.icon.spark.config.ScoreConfig;
import ai.icon.spark.executor.LoadedModel;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.executor.ModelRegistry;
import ai.icon.spark.progress.ProgressChannel;
import ai.icon.spark.rows.TableFooter;
import ai.icon.spark.run.ShardCommit;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.TaskContext;

/**
 * What every scoring task needs; broadcast once.
 *
 * @param model which model
 * @param assessment the fixed examples, tokenised by the driver
 * @param config measure and batches
 * @param maxDemonstration the longest demonstration that fits in front of every example, tokens
 * @param seed the run's
 * @param footer what files say of their origin
 */
record Scoring(
    ModelKey model,
    AssessmentSet assessment,
    ScoreConfig config,
    int maxDemonstration,
    long seed,
    TableFooter footer)
    implements Serializable {

  LoadedModel loaded() {
    return ModelRegistry.model(model);
  }

  /** ℓ of every example behind a prefix, nats per token, in the order of the set. */
  double[] losses(int[] prefix) {
    return loaded().score(lossModel -> scorer(lossModel).losses(prefix));
  }

  private ContributionScorer scorer(LossModel lossModel) {
    return new ContributionScorer(
        lossModel, assessment, config.batchTokens(), ProgressChannel::report);
  }

  /** The ids of a demonstration, cut so that every example fits behind it. */
  int[] demonstration(Candidate candidate) {
    int[] ids = loaded().sequences().demonstration(candidate.demonstration()).ids();
    return Arrays.copyOf(ids, Math.min(ids.length, maxDemonstration));
  }

  /** The authors' own arithmetic, for number matching. */
  OfficialRecipe official(LossModel lossModel) {
    return new OfficialRecipe(
        lossModel, loaded().tokenizer(), model.prompt().separator(), Noise.seeded(seed));
  }

  /** Whether numbers are to match the released scripts. */
  boolean isOfficial() {
    return config.compat() == ScoreConfig.Compat.OFFICIAL;
  }

  /** Tokens of all assessed examples: what one prefix has to carry through the model. */
  long assessedTokens() {
    return assessment.examples().stream()
        .mapToLong(ai.icon.assessment.AssessedExample::tokens)
        .sum();
  }

  /** This task's attempt at a shard. */
  ai.icon.spark.run.ShardAttempt attempt(ShardCommit commits, int shard)
      throws java.io.IOException {
    TaskContext task = TaskContext.get();
    return commits.attempt(shard, task.taskAttemptId(), footer);
  }
}

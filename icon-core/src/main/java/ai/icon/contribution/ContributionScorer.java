package ai.icon.contribution;

import static java.util.Objects.requireNonNull;

import ai.icon.assessment.AssessedExample;
import ai.icon.assessment.AssessmentSet;
import ai.icon.error.UserError;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatch;
import ai.icon.loss.LengthBatches;
import ai.icon.loss.LossModel;
import ai.icon.loss.ResponseLoss;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The method's loop: one prefix in front of every assessed example (method.md, Loss). The batches
 * are planned once from the set and the token budget, so that the losses of a prefix depend on that
 * prefix, those batches and the model, and on nothing else. Holds no native memory between calls;
 * safe for several threads where the model is.
 */
public final class ContributionScorer {
  private final LossModel model;
  private final ScoringProgress progress;
  private final List<LengthBatch> batches;
  private final int assessedExamples;
  private final int widest;

  /**
   * @param model stays the caller's to close
   * @param tokenBudget largest number of tokens in a batch, padding included
   */
  public ContributionScorer(LossModel model, AssessmentSet assessment, int tokenBudget) {
    this(model, assessment, tokenBudget, ScoringProgress.SILENT);
  }

  /**
   * @param model stays the caller's to close
   * @param tokenBudget largest number of tokens in a batch, padding included
   * @param progress hears of every batch
   */
  public ContributionScorer(
      LossModel model, AssessmentSet assessment, int tokenBudget, ScoringProgress progress) {
    this.model = requireNonNull(model, "model");
    this.progress = requireNonNull(progress, "progress");
    this.batches =
        LengthBatches.plan(
            assessment.examples().stream().map(ContributionScorer::continuation).toList(),
            tokenBudget);
    this.assessedExamples = assessment.size();
    this.widest = batches.stream().mapToInt(LengthBatch::width).max().orElseThrow();
  }

  private static Continuation continuation(AssessedExample example) {
    int[] prompt = example.promptIds();
    int[] response = example.responseIds();
    int[] ids = IntStream.concat(IntStream.of(prompt), IntStream.of(response)).toArray(); // [P + N]
    return new Continuation(ids, prompt.length);
  }

  /**
   * ℓ(S) for every S: each assessed example alone, behind BOS where there is one.
   *
   * @param bos the id that the tokenizer puts in front, if it does
   * @return nats per token, in the order of the set
   */
  public double[] baseline(OptionalInt bos) {
    return losses(bos.stream().toArray());
  }

  /**
   * The loss of every assessed example behind a prefix: ℓ(S|T) or ℓ(S|R), as the prefix is.
   *
   * @param prefixIds BOS, demonstration or control, separator; may be empty
   * @return mean over the response's tokens, nats per token, in the order of the set; not finite
   *     where the model gave no finite number
   * @throws IllegalArgumentException if prefix and longest example do not fit the context together
   */
  public double[] losses(int[] prefixIds) {
    if (prefixIds.length + widest > model.contextLength()) {
      throw new IllegalArgumentException(
          "Cannot score: prefix of "
              + prefixIds.length
              + " and example of "
              + widest
              + " tokens exceed the context of "
              + model.contextLength());
    }
    double[] losses = new double[assessedExamples];
    long begun = System.nanoTime();
    try (EncodedPrefix prefix = model.encode(prefixIds)) {
      int unreportedPrefix = prefixIds.length;
      for (LengthBatch batch : batches) {
        List<ResponseLoss> scored = prefix.losses(batch);
        place(scored, batch, losses);
        progress.scored(report(unreportedPrefix, batch, scored, System.nanoTime() - begun));
        unreportedPrefix = 0;
        begun = System.nanoTime();
      }
    }
    return losses;
  }

  private static ScoredBatch report(
      int prefixTokens, LengthBatch batch, List<ResponseLoss> scored, long nanos) {
    int pairs = scored.size();
    long tokens = tokens(batch);
    long nonFinite = scored.stream().filter(loss -> !Double.isFinite(loss.meanNll())).count();
    return new ScoredBatch(
        pairs,
        prefixTokens,
        tokens,
        (long) batch.width() * pairs - tokens,
        (int) nonFinite,
        nanos / 1e9);
  }

  private static void place(List<ResponseLoss> scored, LengthBatch batch, double[] losses) {
    if (scored.size() != batch.indices().size()) {
      throw new IllegalStateException(
          "Cannot score: a batch of "
              + batch.indices().size()
              + " came back with "
              + scored.size()
              + " losses");
    }
    for (int i = 0; i < scored.size(); i++) {
      losses[batch.indices().get(i)] = scored.get(i).meanNll();
    }
  }

  private static long tokens(LengthBatch batch) {
    return batch.continuations().stream().mapToLong(Continuation::length).sum();
  }

  /**
   * How long a demonstration may be so that every assessed example fits behind it. What is longer
   * has to be cut at its end and flagged by the caller. Known without a model, so that a driver can
   * plan what executors score.
   *
   * @param contextLength of the model, tokens
   * @param fixedTokens BOS and separator, tokens
   * @param limit the setting's own limit (method.md, Loss: 2,040), at least 1
   * @return at least 1, at most the limit
   * @throws UserError if the context leaves no room for a demonstration
   */
  public static int maxDemonstrationTokens(
      int contextLength, AssessmentSet assessment, int fixedTokens, int limit) {
    if (fixedTokens < 0 || limit < 1) {
      throw new IllegalArgumentException(
          "Invalid demonstration limit: must be at least 1, got "
              + limit
              + " beside "
              + fixedTokens
              + " fixed tokens");
    }
    int widest =
        assessment.examples().stream().mapToInt(AssessedExample::tokens).max().orElseThrow();
    int room = contextLength - widest - fixedTokens;
    if (room < 1) {
      throw new UserError(
          "Cannot put a demonstration in front: the model's context of "
              + contextLength
              + " tokens is filled by the longest assessed example, "
              + widest
              + " tokens, and BOS and separator, "
              + fixedTokens,
          "Lower the limits on prompt and response, or use a model with a longer context.");
    }
    return Math.min(room, limit);
  }
}

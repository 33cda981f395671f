package ai.icon.spark.progress;

import ai.icon.contribution.ScoredBatch;
import java.io.Serializable;

/**
 * Work that was done: since a task last said so, by an executor so far, or by all of them.
 *
 * @param pairs scored pairs
 * @param tokens tokens that went through the model, padding left out
 * @param batchTokens those of them that were batched, which prefixes are not
 * @param paddingTokens tokens that only filled up batches
 * @param nonFiniteLosses losses that are no finite number
 * @param forwardSeconds seconds in forward passes that score; summed over devices
 * @param modelLoadSeconds seconds that loading weights took; summed over devices
 */
public record ProgressDelta(
    long pairs,
    long tokens,
    long batchTokens,
    long paddingTokens,
    long nonFiniteLosses,
    double forwardSeconds,
    double modelLoadSeconds)
    implements Serializable {
  /** No work. */
  static final ProgressDelta NONE = new ProgressDelta(0, 0, 0, 0, 0, 0, 0);

  /** Checks that nothing is negative. */
  public ProgressDelta {
    boolean isCount = Math.min(pairs, tokens) >= 0 && Math.min(batchTokens, paddingTokens) >= 0;
    if (!isCount || nonFiniteLosses < 0 || forwardSeconds < 0 || modelLoadSeconds < 0) {
      throw new IllegalArgumentException(
          "Invalid progress: must not be negative, got " + pairs + " pairs, " + tokens + " tokens");
    }
  }

  /** Pairs and tokens alone. */
  static ProgressDelta of(long pairs, long tokens) {
    return new ProgressDelta(pairs, tokens, 0, 0, 0, 0, 0);
  }

  static ProgressDelta of(ScoredBatch batch) {
    return new ProgressDelta(
        batch.pairs(),
        batch.prefixTokens() + batch.tokens(),
        batch.tokens(),
        batch.paddingTokens(),
        batch.nonFinite(),
        batch.seconds(),
        0);
  }

  static ProgressDelta ofLoad(double seconds) {
    return new ProgressDelta(0, 0, 0, 0, 0, 0, seconds);
  }

  ProgressDelta plus(ProgressDelta more) {
    return new ProgressDelta(
        pairs + more.pairs,
        tokens + more.tokens,
        batchTokens + more.batchTokens,
        paddingTokens + more.paddingTokens,
        nonFiniteLosses + more.nonFiniteLosses,
        forwardSeconds + more.forwardSeconds,
        modelLoadSeconds + more.modelLoadSeconds);
  }

  /** The share of batches that was no padding, in (0, 1]; NaN before the first batch. */
  double batchFill() {
    return batchTokens / (double) (batchTokens + paddingTokens);
  }
}

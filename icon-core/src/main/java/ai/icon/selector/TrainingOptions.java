package ai.icon.selector;

/**
 * How a selector is trained and judged.
 *
 * @param seed the run's seed; it decides the hold-out
 * @param kind what the features are
 * @param holdOutShare share of the scored candidates kept from training, in [0, 1); method.md: 0.10
 * @param labelShare p of AUROC and recall: the best share counts as good, in (0, 1]; the budget
 */
public record TrainingOptions(
    long seed, SelectorKind kind, double holdOutShare, double labelShare) {
  /** Checks the ranges. */
  public TrainingOptions {
    if (!(holdOutShare >= 0 && holdOutShare < 1)) {
      throw new IllegalArgumentException(
          "Invalid hold-out share: must be from 0 to below 1, got " + holdOutShare);
    }
    if (!(labelShare > 0 && labelShare <= 1)) {
      throw new IllegalArgumentException(
          "Invalid label share: must be above 0 and at most 1, got " + labelShare);
    }
  }

  /** A tenth held out, the best 15 % good: the paper's budget. */
  public static TrainingOptions defaults(long seed, SelectorKind kind) {
    return new TrainingOptions(seed, kind, 0.10, 0.15);
  }
}

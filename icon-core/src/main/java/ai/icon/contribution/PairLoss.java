package ai.icon.contribution;

import ai.icon.assessment.AssessedExample;
import java.io.Serializable;

/**
 * The losses of one demonstration T and one assessed example S, and what follows from them: a row
 * of the {@code pairs} table. Losses are in nats per token.
 *
 * @param sampleId T
 * @param assessedId S
 * @param group the task of S
 * @param baselineNll ℓ(S)
 * @param conditionedNll ℓ(S|T)
 * @param controlNll ℓ(S|R); NaN where the measure needs no control
 * @param contribution I(T→S): finite, or NaN where a loss it needs is not finite
 */
public record PairLoss(
    String sampleId,
    String assessedId,
    String group,
    double baselineNll,
    double conditionedNll,
    double controlNll,
    double contribution)
    implements Serializable {

  /** Checks the ids and that the contribution is not infinite. */
  public PairLoss {
    if (sampleId.isEmpty() || assessedId.isEmpty() || group.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid pair: ids and group must not be empty, got \""
              + sampleId
              + "\", \""
              + assessedId
              + "\", \""
              + group
              + "\"");
    }
    if (Double.isInfinite(contribution)) {
      throw new IllegalArgumentException(
          "Invalid pair " + sampleId + ", " + assessedId + ": infinite contribution");
    }
  }

  /**
   * Measures a pair from its losses.
   *
   * @param controlNll kept only where the measure needs it
   */
  public static PairLoss of(
      String sampleId,
      AssessedExample assessed,
      ContributionMeasure measure,
      double baselineNll,
      double conditionedNll,
      double controlNll) {
    return new PairLoss(
        sampleId,
        assessed.id(),
        assessed.group(),
        baselineNll,
        conditionedNll,
        measure.needsControl() ? controlNll : Double.NaN,
        measure.of(baselineNll, conditionedNll, controlNll));
  }

  /** Whether the pair counts in the global contribution. */
  public boolean isFinite() {
    return Double.isFinite(contribution);
  }
}

package ai.icon.contribution;

import static java.util.Objects.requireNonNull;

import ai.icon.assessment.AssessmentSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Turns a candidate's conditioned losses into pairs: what stays the same for all candidates of a
 * run, in one place. Immutable, safe for several threads.
 */
public final class PairMeasurement {
  private final AssessmentSet assessment;
  private final ContributionMeasure measure;
  private final double[] baselineNll;
  private final Optional<ControlLosses> controls;

  private PairMeasurement(
      AssessmentSet assessment,
      ContributionMeasure measure,
      double[] baselineNll,
      Optional<ControlLosses> controls) {
    this.assessment = requireNonNull(assessment, "assessment");
    this.measure = measure;
    this.baselineNll = baselineNll.clone();
    this.controls = controls;
    checkSize("baseline", baselineNll);
  }

  /**
   * For a measure without control.
   *
   * @param baselineNll ℓ(S) in the order of the set, nats per token
   * @throws IllegalArgumentException if the measure needs a control
   */
  public static PairMeasurement withoutControl(
      AssessmentSet assessment, ContributionMeasure measure, double[] baselineNll) {
    if (measure.needsControl()) {
      throw new IllegalArgumentException(
          "Invalid measurement: " + measure.setting() + " needs control losses");
    }
    return new PairMeasurement(assessment, measure, baselineNll, Optional.empty());
  }

  /**
   * For any measure; where it needs no control, the controls are not looked at.
   *
   * @param baselineNll ℓ(S) in the order of the set, nats per token
   * @param controls of the same set
   */
  public static PairMeasurement withControl(
      AssessmentSet assessment,
      ContributionMeasure measure,
      double[] baselineNll,
      ControlLosses controls) {
    return new PairMeasurement(assessment, measure, baselineNll, Optional.of(controls));
  }

  /**
   * The pairs of one candidate.
   *
   * @param demonstrationTokens |T|, tokens of the demonstration after its cut, without separator
   * @param conditionedNll ℓ(S|T) in the order of the set, nats per token
   * @return one pair an assessed example, in the order of the set
   * @throws IllegalStateException if the controls beside that length were not measured
   */
  public List<PairLoss> pairs(String sampleId, int demonstrationTokens, double[] conditionedNll) {
    checkSize("conditioned", conditionedNll);
    return IntStream.range(0, assessment.size())
        .mapToObj(
            i ->
                PairLoss.of(
                    sampleId,
                    assessment.examples().get(i),
                    measure,
                    baselineNll[i],
                    conditionedNll[i],
                    controlNll(i, demonstrationTokens)))
        .toList();
  }

  private double controlNll(int assessedIndex, int demonstrationTokens) {
    return measure.needsControl()
        ? controls.orElseThrow().controlNll(assessedIndex, demonstrationTokens)
        : Double.NaN;
  }

  private void checkSize(String what, double[] losses) {
    if (losses.length != assessment.size()) {
      throw new IllegalArgumentException(
          "Invalid "
              + what
              + " losses: "
              + assessment.size()
              + " assessed examples, got "
              + losses.length);
    }
  }
}

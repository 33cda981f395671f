package ai.icon.spark.stage;

import ai.icon.assessment.AssessmentSet;
import ai.icon.contribution.ContributionMeasure;
import ai.icon.contribution.ControlLosses;
import ai.icon.contribution.PairMeasurement;
import java.io.Serializable;

/** Baseline and control losses, as executors need them. */
final class ReferenceLosses implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double[] baseline;
  // Null where the measure needs no control: an Optional cannot travel.
  private final ControlLosses controls;

  ReferenceLosses(double[] baseline, ControlLosses controls) {
    this.baseline = baseline.clone();
    this.controls = controls;
  }

  double baseline(int assessedIndex) {
    return baseline[assessedIndex];
  }

  PairMeasurement measurement(AssessmentSet assessment, ContributionMeasure measure) {
    return controls == null
        ? PairMeasurement.withoutControl(assessment, measure, baseline)
        : PairMeasurement.withControl(assessment, measure, baseline, controls);
  }
}

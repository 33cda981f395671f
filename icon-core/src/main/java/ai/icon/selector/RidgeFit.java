package ai.icon.selector;

/** A trained model with what it would have said of each example had that been left out. */
public final class RidgeFit {
  private final RidgeModel model;
  private final double[] leaveOneOutPredictions;

  RidgeFit(RidgeModel model, double[] leaveOneOutPredictions) {
    this.model = model;
    this.leaveOneOutPredictions = leaveOneOutPredictions.clone();
  }

  /** The model trained on all examples. */
  public RidgeModel model() {
    return model;
  }

  /**
   * Per example, the prediction of the model trained on all others with the same penalty and
   * standardisation [examples]; NaN where there are no others.
   */
  public double[] leaveOneOutPredictions() {
    return leaveOneOutPredictions.clone();
  }
}

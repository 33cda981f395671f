package ai.icon.selection;

/** One score from a measured and a predicted contribution (method.md, Ranking). */
public final class Ranking {
  private Ranking() {}

  /**
   * The score of a sample: {@code predicted + w · (measured − predicted)}, an expected contribution
   * on the contribution's own scale.
   *
   * <p>What is missing: without a finite pair ({@code measured} NaN) the score is the prediction;
   * without a selector ({@code predicted} NaN) it is the measured contribution; with neither
   * nothing is known of a sample that was scored, and negative infinity puts it last.
   *
   * @param measured mean contribution over the assessment set; NaN if not scored or no pair is
   *     finite
   * @param standardError of {@code measured}, see {@link #weight}
   * @param predicted the selector's prediction; NaN if there is no selector
   * @param signalVariance s² of the selector's report, see {@link #weight}
   * @param rankBy which w: the weight of {@link #weight}, 0 or 1
   * @return never NaN
   * @throws IllegalArgumentException if the ranking is by prediction and there is none, or a
   *     variance is negative
   */
  public static double score(
      double measured,
      double standardError,
      double predicted,
      double signalVariance,
      RankBy rankBy) {
    if (rankBy == RankBy.PREDICTED && Double.isNaN(predicted)) {
      throw new IllegalArgumentException("Cannot rank by prediction: there is none");
    }
    if (Double.isNaN(measured)) {
      return Double.isNaN(predicted) ? Double.NEGATIVE_INFINITY : predicted;
    }
    if (Double.isNaN(predicted)) {
      return measured;
    }
    return switch (rankBy) {
      case PREDICTED -> predicted;
      case MEASURED -> measured;
      case WEIGHED -> {
        double w = weight(standardError, signalVariance);
        // At the ends the terms themselves, so that no rounding parts "measured" from w = 1.
        yield w == 1 ? measured : w == 0 ? predicted : predicted + w * (measured - predicted);
      }
    };
  }

  /**
   * The weight of the measured contribution, {@code w = s² / (s² + se²)}.
   *
   * <p>At the edges: a standard error of 0 gives 1, even where s² is 0 too, for the measurement is
   * exact; an infinite or NaN one (a single finite pair has none) gives 0, for nothing says how far
   * off the measurement is; s² NaN or infinite (no residuals to judge the selector by) gives 1
   * where the standard error is finite.
   *
   * @param standardError of the measured mean, at least 0; NaN if unknown
   * @param signalVariance s², at least 0; NaN if unknown
   * @return in [0, 1]
   * @throws IllegalArgumentException if one of them is negative
   */
  public static double weight(double standardError, double signalVariance) {
    if (standardError < 0 || signalVariance < 0) {
      throw new IllegalArgumentException(
          "Invalid weight: standard error and signal variance must be at least 0, got "
              + standardError
              + " and "
              + signalVariance);
    }
    if (!Double.isFinite(standardError)) {
      return 0;
    }
    double squaredError = standardError * standardError;
    if (squaredError == 0 || !Double.isFinite(signalVariance)) {
      return 1;
    }
    return signalVariance / (signalVariance + squaredError);
  }
}

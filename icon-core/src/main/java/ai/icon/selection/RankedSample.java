package ai.icon.selection;

/**
 * A sample of the pool with the score it is ranked by and where the score comes from.
 *
 * @param id the sample's id
 * @param score what {@link Ranking#score} gives, on the contribution's scale; never NaN
 * @param measured its measured contribution; NaN if it was not scored or no pair was finite
 * @param predicted the selector's prediction; NaN if there is no selector
 * @param origin whether it was scored in context
 */
public record RankedSample(
    String id, double score, double measured, double predicted, Origin origin) {
  /** Checks that there is an id, an order and a reason for the score. */
  public RankedSample {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("Invalid ranked sample: the id must not be empty");
    }
    if (Double.isNaN(score)) {
      throw new IllegalArgumentException(
          "Invalid ranked sample " + id + ": the score must be a number, got NaN");
    }
    if (origin == Origin.PREDICTED && !Double.isNaN(measured)) {
      throw new IllegalArgumentException(
          "Invalid ranked sample "
              + id
              + ": one that was not scored has no measured contribution, got "
              + measured);
    }
    if (origin == Origin.PREDICTED && Double.isNaN(predicted)) {
      throw new IllegalArgumentException(
          "Invalid ranked sample " + id + ": one that was not scored needs a prediction, got NaN");
    }
  }
}

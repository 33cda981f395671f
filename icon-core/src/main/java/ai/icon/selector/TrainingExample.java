package ai.icon.selector;

import java.util.Arrays;

/**
 * A scored candidate to learn from.
 *
 * @param id the sample's id
 * @param features what the selector sees of it [features]
 * @param contribution its measured contribution; one that is not finite is left out of training
 * @param standardError of the contribution; NaN if unknown
 * @param tokens length of the demonstration in tokens
 */
public record TrainingExample(
    String id, double[] features, double contribution, double standardError, int tokens) {
  /** Copies the features and checks id and length. */
  public TrainingExample {
    features = features.clone();
    if (id.isEmpty()) {
      throw new IllegalArgumentException("Invalid training example: the id must not be empty");
    }
    if (tokens < 0 || standardError < 0) {
      throw new IllegalArgumentException(
          "Invalid training example "
              + id
              + ": tokens and standard error must be at least 0, got "
              + tokens
              + " and "
              + standardError);
    }
  }

  /** The same from an {@link Embedder}'s vector. */
  public static TrainingExample of(
      String id, float[] features, double contribution, double standardError, int tokens) {
    double[] wide = new double[features.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = features[i];
    }
    return new TrainingExample(id, wide, contribution, standardError, tokens);
  }

  @Override
  public double[] features() {
    return features.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrainingExample that
        && id.equals(that.id)
        && Arrays.equals(features, that.features)
        && Double.compare(contribution, that.contribution) == 0
        && Double.compare(standardError, that.standardError) == 0
        && tokens == that.tokens;
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }
}

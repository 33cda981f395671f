package ai.icon.selector;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * Predicts a sample's contribution from the sample alone. One selector serves every budget
 * (method.md, Selector). Immutable, thread-safe, serialisable.
 *
 * @param kind what its features are
 * @param model the trained regression
 */
public record Selector(SelectorKind kind, RidgeModel model) implements Serializable {
  /** Checks that both are given. */
  public Selector {
    requireNonNull(kind, "kind");
    requireNonNull(model, "model");
  }

  /** Components of a feature vector. */
  public int dimension() {
    return model.dimension();
  }

  /**
   * The predicted contribution, on the contribution's scale.
   *
   * @param features [dimension]; NaN in gives NaN out
   */
  public double predicted(double[] features) {
    return model.predict(features);
  }

  /**
   * The predicted contribution, on the contribution's scale.
   *
   * @param features [dimension], as an {@link Embedder} gives them
   */
  public double predicted(float[] features) {
    return model.predict(features);
  }

  /**
   * Writes the selector as JSON, every double exact, keys in a fixed order: equal selectors give
   * equal bytes.
   *
   * @throws IOException if the file cannot be written
   */
  public void save(Path file) throws IOException {
    SelectorFile.write(this, file);
  }

  /**
   * Reads a selector; equal to the one that was saved.
   *
   * @throws UserError if the file does not exist or is no selector of this version
   * @throws IOException if the file cannot be read
   */
  public static Selector load(Path file) throws IOException {
    return SelectorFile.read(file);
  }
}

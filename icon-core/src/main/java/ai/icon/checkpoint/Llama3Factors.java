package ai.icon.checkpoint;

import ai.icon.error.UserError;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the settings of Llama 3's rotary scaling in the factors that a GGUF holds in their place.
 *
 * <p>With x = context / wavelength, a frequency whose x is above high_freq_factor keeps factor 1,
 * one below low_freq_factor is divided by the full factor F, and between the two the reciprocal is
 * blended: 1/f = (1 - s)/F + s, where s = (x - low) / (high - low). The context only scales x, so
 * that any one will do; s is a straight line in x, which two blended frequencies fix.
 */
final class Llama3Factors {
  /** Of which low and high are then multiples; the one of Llama 3.1. */
  private static final double CONTEXT = 8_192;

  /** What a factor may differ by, as a share of itself: the file's are float32. */
  private static final double TOLERANCE = 1e-4;

  private Llama3Factors() {}

  /**
   * The rope_scaling object.
   *
   * @param theta base of the frequencies
   * @param factors divisor of each frequency, fastest first
   * @param file for messages
   * @return empty if all factors are 1
   * @throws UserError if no settings give these factors
   */
  static Optional<ObjectNode> scaling(double theta, float[] factors, Path file) {
    double largest = 1;
    double[] x = new double[factors.length];
    for (int i = 0; i < factors.length; i++) {
      largest = Math.max(largest, factors[i]);
      x[i] = CONTEXT * Math.pow(theta, -(double) i / factors.length) / (2 * Math.PI);
    }
    if (largest < 1 + TOLERANCE) {
      largest = 1;
    }
    Bounds bounds = Bounds.of(x, factors, largest);
    for (int i = 0; i < factors.length; i++) {
      double expected = bounds.factor(x[i], largest);
      if (!(Math.abs(factors[i] / expected - 1) <= TOLERANCE)) {
        throw new UserError(
            "Cannot use %s: rope_freqs.weight[%d] is %s; no settings of Llama 3's rotary scaling give these %d factors"
                .formatted(file, i, factors[i], factors.length),
            "Use the Hugging Face folder that the file was made from.");
      }
    }
    return largest == 1
        ? Optional.empty()
        : Optional.of(
            JsonNodeFactory.instance
                .objectNode()
                .put("rope_type", "llama3")
                .put("factor", largest)
                .put("low_freq_factor", bounds.low())
                .put("high_freq_factor", bounds.high())
                .put("original_max_position_embeddings", (long) CONTEXT));
  }

  /** Between which x the factors are blended. */
  private record Bounds(double low, double high) {

    static Bounds of(double[] x, float[] factors, double largest) {
      double divided = 0; // largest x with the full factor
      double kept = Double.POSITIVE_INFINITY; // least x with factor 1
      int first = -1;
      int last = -1;
      for (int i = 0; i < x.length; i++) {
        if (factors[i] > largest * (1 - TOLERANCE)) {
          divided = Math.max(divided, x[i]);
        } else if (factors[i] < 1 + TOLERANCE) {
          kept = Math.min(kept, x[i]);
        } else {
          first = first < 0 ? i : first;
          last = i;
        }
      }
      if (first < 0) { // none is blended: any bounds between them
        double low = divided == 0 ? kept / 4 : divided * 1.001;
        return new Bounds(low, Math.max(low * 1.001, Math.min(low * 4, kept * 0.999)));
      }
      double s = share(factors[first], largest);
      if (first == last) { // one is: a line through it and the lower bound
        double low = divided == 0 ? x[first] / 2 : divided * 1.0001;
        return new Bounds(low, low + (x[first] - low) / s);
      }
      double slope = (s - share(factors[last], largest)) / (x[first] - x[last]);
      double low = x[first] - s / slope;
      return new Bounds(low, low + 1 / slope);
    }

    private static double share(double factor, double largest) {
      return (1 / factor - 1 / largest) / (1 - 1 / largest);
    }

    double factor(double x, double largest) {
      if (x > high) {
        return 1;
      }
      if (x < low) {
        return largest;
      }
      double s = (x - low) / (high - low);
      return 1 / ((1 - s) / largest + s);
    }
  }
}

package ai.icon.selector;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.moment.Variance;

/**
 * How good a selector is on examples that it was not trained on (method.md, Selector).
 *
 * @param split how many examples there were for what
 * @param penalty λ of the selector's regression
 * @param agreement of its predictions with the measured contributions
 * @param lengthOnly the same of a regression on log(1 + tokens) alone
 * @param residualVariance variance of measured − predicted (divided by n − 1) over the examples
 *     inside the fences; NaN below two
 * @param meanSquaredStandardError mean se² of the measured contributions that have one; NaN if none
 *     has
 */
public record SelectorReport(
    Split split,
    double penalty,
    Agreement agreement,
    Agreement lengthOnly,
    double residualVariance,
    double meanSquaredStandardError) {
  /** Below this many scored candidates the figures are mostly chance. */
  private static final int FEW = 50;

  /**
   * How many examples there were for what.
   *
   * @param training trained on
   * @param holdOut held out; 0 if the judgement is by leave-one-out
   * @param leftOut without a finite contribution
   * @param clipped whose contribution lies beyond the far fences of the training examples: drawn to
   *     the fence for training, and not taken into the residual variance
   */
  public record Split(int training, int holdOut, int leftOut, int clipped) {
    /** Scored candidates that had a contribution. */
    public int scored() {
      return training + holdOut;
    }

    /** {@code hold-out} or {@code leave-one-out}. */
    public String evaluatedOn() {
      return holdOut > 0 ? "hold-out" : "leave-one-out";
    }
  }

  static SelectorReport of(
      Split split,
      double penalty,
      double labelShare,
      double[] measured,
      double[] standardErrors,
      double[] predicted,
      double[] predictedByLength,
      Fences fences) {
    int[] inside =
        IntStream.range(0, measured.length).filter(i -> fences.holds(measured[i])).toArray();
    double[] residuals =
        Arrays.stream(inside).mapToDouble(i -> measured[i] - predicted[i]).toArray();
    return new SelectorReport(
        split,
        penalty,
        Agreement.of(measured, predicted, labelShare),
        Agreement.of(measured, predictedByLength, labelShare),
        residuals.length < 2 ? Double.NaN : new Variance().evaluate(residuals),
        Arrays.stream(inside)
            .mapToDouble(i -> standardErrors[i])
            .filter(Double::isFinite)
            .map(e -> e * e)
            .average()
            .orElse(Double.NaN));
  }

  /**
   * s² = residual variance less the mean se², not below 0: how far true contributions scatter about
   * the predictions. An unknown mean se² counts as 0. NaN if the residual variance is.
   */
  public double signalVariance() {
    double noise = Double.isNaN(meanSquaredStandardError) ? 0 : meanSquaredStandardError;
    return Math.max(0, residualVariance - noise);
  }

  /**
   * Whether the rank correlation is above that of length alone and the AUROC not below it; an
   * undefined figure counts as 0.
   */
  public boolean beatsLength() {
    return defined(agreement.rankCorrelation()) > defined(lengthOnly.rankCorrelation())
        && defined(agreement.auroc()) >= defined(lengthOnly.auroc());
  }

  /** How far the selector can be relied on. */
  public Trust trust() {
    if (split.scored() < FEW) {
      return Trust.UNRELIABLE;
    }
    if (!(agreement.rankCorrelation() > 0)) {
      return Trust.NO_SIGNAL;
    }
    return beatsLength() ? Trust.USABLE : Trust.NO_BETTER_THAN_LENGTH;
  }

  /** One sentence that says why {@link #trust} is what it is. */
  public String trustReason() {
    return switch (trust()) {
      case UNRELIABLE ->
          "Only "
              + split.scored()
              + " scored candidates: below "
              + FEW
              + " these figures are mostly chance.";
      case NO_SIGNAL -> "Its predictions do not rise with the measured contribution.";
      case NO_BETTER_THAN_LENGTH ->
          "A predictor that sees only the length ranks as well: select by length, or score more.";
      case USABLE -> "It ranks unseen candidates better than their length does.";
    };
  }

  /** The report in a few lines for a person. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        """
        selector: %d trained on, %d held out, %d left out, %d clipped; judged by %s
          rank correlation %.3f (length alone %.3f)
          AUROC %.3f (length alone %.3f), recall at budget %.3f (length alone %.3f)
          %s: %s""",
        split.training(),
        split.holdOut(),
        split.leftOut(),
        split.clipped(),
        split.evaluatedOn(),
        agreement.rankCorrelation(),
        lengthOnly.rankCorrelation(),
        agreement.auroc(),
        lengthOnly.auroc(),
        agreement.recallAtBudget(),
        lengthOnly.recallAtBudget(),
        trust(),
        trustReason());
  }

  /** The report for JSON, in a fixed order; NaN as null. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("trainingExamples", split.training());
    map.put("holdOutExamples", split.holdOut());
    map.put("leftOut", split.leftOut());
    map.put("clipped", split.clipped());
    map.put("evaluatedOn", split.evaluatedOn());
    map.put("penalty", penalty);
    put(map, agreement);
    Map<String, Object> length = new LinkedHashMap<>();
    put(length, lengthOnly);
    map.put("lengthOnly", length);
    map.put("beatsLength", beatsLength());
    map.put("residualVariance", orNull(residualVariance));
    map.put("meanSquaredStandardError", orNull(meanSquaredStandardError));
    map.put("signalVariance", orNull(signalVariance()));
    map.put("trust", trust().name());
    map.put("trustReason", trustReason());
    return map;
  }

  /**
   * The report that {@link #toMap} gave, from JSON.
   *
   * @throws IllegalArgumentException if a figure is missing
   */
  public static SelectorReport fromMap(Map<String, Object> map) {
    if (!(map.get("lengthOnly") instanceof Map<?, ?> length)) {
      throw new IllegalArgumentException("Invalid selector report: lengthOnly is missing");
    }
    return new SelectorReport(
        new Split(
            (int) number(map, "trainingExamples"),
            (int) number(map, "holdOutExamples"),
            (int) number(map, "leftOut"),
            (int) number(map, "clipped")),
        number(map, "penalty"),
        agreement(map),
        agreement(length),
        number(map, "residualVariance"),
        number(map, "meanSquaredStandardError"));
  }

  private static void put(Map<String, Object> map, Agreement agreement) {
    map.put("rankCorrelation", orNull(agreement.rankCorrelation()));
    map.put("auroc", orNull(agreement.auroc()));
    map.put("recallAtBudget", orNull(agreement.recallAtBudget()));
  }

  private static Agreement agreement(Map<?, ?> map) {
    return new Agreement(
        number(map, "rankCorrelation"), number(map, "auroc"), number(map, "recallAtBudget"));
  }

  private static double number(Map<?, ?> map, String key) {
    if (!map.containsKey(key)) {
      throw new IllegalArgumentException("Invalid selector report: " + key + " is missing");
    }
    return map.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private static Object orNull(double value) {
    return Double.isNaN(value) ? null : value;
  }

  private static double defined(double value) {
    return Double.isNaN(value) ? 0 : value;
  }
}

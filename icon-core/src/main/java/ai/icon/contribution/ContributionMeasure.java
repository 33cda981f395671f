package ai.icon.contribution;

import ai.icon.error.UserError;
import java.util.Locale;

/**
 * The contribution I(T→S) of one demonstration to one assessed example (method.md, Pair
 * contribution). Positive means that the demonstration helped.
 */
public enum ContributionMeasure {
  /** (PPL(S|R) − PPL(S|T)) / (PPL(S) + 1e-6): against meaningless tokens of the same length. */
  RICO(true) {
    @Override
    double raw(double baselineNll, double conditionedNll, double controlNll) {
      return (Math.exp(controlNll) - Math.exp(conditionedNll)) / (Math.exp(baselineNll) + EPSILON);
    }
  },
  /** (PPL(S) − PPL(S|T)) / (PPL(S) + 1e-6): without control. */
  ICON(false) {
    @Override
    double raw(double baselineNll, double conditionedNll, double controlNll) {
      return (Math.exp(baselineNll) - Math.exp(conditionedNll)) / (Math.exp(baselineNll) + EPSILON);
    }
  },
  /** ℓ(S|R) − ℓ(S|T), nats per token: robust to examples with a huge perplexity. */
  LOG(true) {
    @Override
    double raw(double baselineNll, double conditionedNll, double controlNll) {
      return controlNll - conditionedNll;
    }
  };

  /** Keeps the denominator from 0 (method.md; the authors' released code). */
  private static final double EPSILON = 1e-6;

  private final boolean needsControl;

  ContributionMeasure(boolean needsControl) {
    this.needsControl = needsControl;
  }

  /**
   * The measure that a setting names.
   *
   * @throws UserError if the name is not {@code rico}, {@code icon} or {@code log}
   */
  public static ContributionMeasure named(String name) {
    for (ContributionMeasure measure : values()) {
      if (measure.setting().equals(name)) {
        return measure;
      }
    }
    throw new UserError(
        "Invalid measure: must be rico, icon or log, got \"" + name + "\"",
        "Set --measure to one of the three.");
  }

  /** The name that settings and footers carry. */
  public String setting() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether control losses enter; without, {@code controlNll} is ignored and may be NaN. */
  public boolean needsControl() {
    return needsControl;
  }

  /**
   * The contribution of a pair.
   *
   * @param baselineNll ℓ(S), nats per token
   * @param conditionedNll ℓ(S|T), nats per token
   * @param controlNll ℓ(S|R), nats per token
   * @return finite, or NaN if a loss is not finite or a perplexity has no double
   */
  public double of(double baselineNll, double conditionedNll, double controlNll) {
    boolean finite =
        Double.isFinite(baselineNll)
            && Double.isFinite(conditionedNll)
            && (!needsControl || Double.isFinite(controlNll));
    double contribution = finite ? raw(baselineNll, conditionedNll, controlNll) : Double.NaN;
    return Double.isFinite(contribution) ? contribution : Double.NaN;
  }

  abstract double raw(double baselineNll, double conditionedNll, double controlNll);
}

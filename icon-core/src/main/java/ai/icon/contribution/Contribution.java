package ai.icon.contribution;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The global contribution I(T) of one candidate and what stands beside it (method.md, Global
 * contribution). Only {@code contribution}, {@code standardError} and {@code significance} know the
 * weights; a share or mean without any pair to take it over is NaN.
 *
 * @param sampleId T
 * @param contribution weighted mean over the finite pairs; NaN if there is none that counts
 * @param standardError of that mean; NaN for fewer than two pairs that count
 * @param pairs all pairs, finite or not
 * @param finitePairs pairs whose contribution is finite
 * @param consistency share of the finite pairs above 0
 * @param stability variance over the finite pairs, n − 1; NaN for fewer than two
 * @param coverage share of the finite pairs above 0.5
 * @param significance 2/(1+e^(−50·contribution)) − 1, ±1 beyond ±0.5; never ranked by
 * @param goldenScore share of S with ℓ(S|T) &lt; ℓ(S), over pairs with both finite (Nuggets)
 * @param lossRatio mean of ℓ(S)/ℓ(S|T) over pairs where it is finite
 * @param groupContribution mean over the finite pairs of each group, sorted by group; NaN for a
 *     group without one
 * @param demonstrationTokens |T|, tokens, after its cut
 */
public record Contribution(
    String sampleId,
    double contribution,
    double standardError,
    int pairs,
    int finitePairs,
    double consistency,
    double stability,
    double coverage,
    double significance,
    double goldenScore,
    double lossRatio,
    SortedMap<String, Double> groupContribution,
    int demonstrationTokens)
    implements Serializable {

  private static final double COVERED = 0.5;
  private static final double SIGNIFICANCE_SLOPE = 50;
  private static final double SIGNIFICANCE_LIMIT = 0.5;

  /** Copies the group means and checks id, counts and length. */
  public Contribution {
    groupContribution = Collections.unmodifiableSortedMap(new TreeMap<>(groupContribution));
    if (sampleId.isEmpty()) {
      throw new IllegalArgumentException("Invalid contribution: the id must not be empty");
    }
    if (finitePairs < 0 || finitePairs > pairs || demonstrationTokens < 1) {
      throw new IllegalArgumentException(
          "Invalid contribution of "
              + sampleId
              + ": "
              + finitePairs
              + " finite of "
              + pairs
              + " pairs, "
              + demonstrationTokens
              + " tokens");
    }
  }

  /**
   * Takes all figures of one candidate. The pairs are put in the order of their assessed ids first,
   * so that the order they come in never reaches a sum.
   *
   * @param pairLosses the candidate's pairs, one an assessed example, at least one
   */
  public static Contribution of(
      Collection<PairLoss> pairLosses, GroupWeights weights, int demonstrationTokens) {
    List<PairLoss> all = new ArrayList<>(pairLosses);
    all.sort(Comparator.comparing(PairLoss::assessedId));
    String sampleId = checkedSampleId(all);
    List<PairLoss> finite = all.stream().filter(PairLoss::isFinite).toList();
    double contribution = weightedMean(finite, weights);
    return new Contribution(
        sampleId,
        contribution,
        standardError(finite, weights, contribution),
        all.size(),
        finite.size(),
        share(finite, pair -> pair.contribution() > 0),
        variance(finite),
        share(finite, pair -> pair.contribution() > COVERED),
        significance(contribution),
        goldenScore(all),
        mean(all, pair -> pair.baselineNll() / pair.conditionedNll()),
        groupMeans(all),
        demonstrationTokens);
  }

  /** Σ w x / Σ w. */
  private static double weightedMean(List<PairLoss> finite, GroupWeights weights) {
    double weighted = 0;
    double weightSum = 0;
    for (PairLoss pair : finite) {
      double weight = weights.of(pair.group());
      weighted += weight * pair.contribution();
      weightSum += weight;
    }
    return weighted / weightSum; // 0/0 is NaN: nothing counts
  }

  /** √(Σ w² (x − mean)²) / Σ w · √(n/(n−1)); with equal weights the usual s/√n. */
  private static double standardError(List<PairLoss> finite, GroupWeights weights, double mean) {
    double squares = 0;
    double weightSum = 0;
    int counting = 0; // n: a pair of weight 0 is no observation
    for (PairLoss pair : finite) {
      double weight = weights.of(pair.group());
      double deviation = weight * (pair.contribution() - mean);
      squares += deviation * deviation;
      weightSum += weight;
      counting += weight > 0 ? 1 : 0;
    }
    if (counting < 2) {
      return Double.NaN;
    }
    return Math.sqrt(squares) / weightSum * Math.sqrt(counting / (counting - 1.0));
  }

  /** Σ (x − mean)² / (n − 1), uniform weights. */
  private static double variance(List<PairLoss> finite) {
    if (finite.size() < 2) {
      return Double.NaN;
    }
    double mean = mean(finite, PairLoss::contribution);
    double squares = 0;
    for (PairLoss pair : finite) {
      double deviation = pair.contribution() - mean;
      squares += deviation * deviation;
    }
    return squares / (finite.size() - 1);
  }

  private static double significance(double mean) {
    if (Math.abs(mean) > SIGNIFICANCE_LIMIT) {
      return Math.signum(mean);
    }
    return 2 / (1 + Math.exp(-SIGNIFICANCE_SLOPE * mean)) - 1;
  }

  private static double goldenScore(List<PairLoss> all) {
    List<PairLoss> measured =
        all.stream()
            .filter(
                pair ->
                    Double.isFinite(pair.baselineNll()) && Double.isFinite(pair.conditionedNll()))
            .toList();
    return share(measured, pair -> pair.conditionedNll() < pair.baselineNll());
  }

  private static SortedMap<String, Double> groupMeans(List<PairLoss> all) {
    SortedMap<String, List<PairLoss>> groups = new TreeMap<>();
    all.forEach(pair -> groups.computeIfAbsent(pair.group(), group -> new ArrayList<>()).add(pair));
    SortedMap<String, Double> means = new TreeMap<>();
    groups.forEach((group, pairs) -> means.put(group, mean(pairs, PairLoss::contribution)));
    return means;
  }

  private static double share(List<PairLoss> pairs, Predicate<PairLoss> holds) {
    return pairs.stream().filter(holds).count() / (double) pairs.size();
  }

  /** The mean of the values that are finite; summed in order, NaN if there is none. */
  private static double mean(List<PairLoss> pairs, ToDoubleFunction<PairLoss> value) {
    double sum = 0;
    int finite = 0;
    for (PairLoss pair : pairs) {
      double one = value.applyAsDouble(pair);
      if (Double.isFinite(one)) {
        sum += one;
        finite++;
      }
    }
    return sum / finite;
  }

  private static String checkedSampleId(List<PairLoss> sorted) {
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("Cannot take a contribution: no pair");
    }
    String sampleId = sorted.get(0).sampleId();
    for (int i = 1; i < sorted.size(); i++) {
      PairLoss pair = sorted.get(i);
      if (!pair.sampleId().equals(sampleId)) {
        throw new IllegalArgumentException(
            "Cannot take a contribution: pairs of " + sampleId + " and " + pair.sampleId());
      }
      if (pair.assessedId().equals(sorted.get(i - 1).assessedId())) {
        throw new IllegalArgumentException(
            "Cannot take the contribution of " + sampleId + ": twice " + pair.assessedId());
      }
    }
    return sampleId;
  }
}

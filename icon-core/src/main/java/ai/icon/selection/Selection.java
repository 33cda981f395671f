package ai.icon.selection;

import ai.icon.error.UserError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a budget keeps of a ranking: always a prefix of the ranking order, so that the selection of
 * a smaller budget lies inside that of a larger one.
 *
 * @param budget what cut the ranking
 * @param samples the selected, best first; at least one
 * @param tokens their summed tokens
 */
public record Selection(Budget.Whole budget, List<RankedSample> samples, long tokens) {
  /** Copies the samples and checks that there is one. */
  public Selection {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("Invalid selection: at least one sample is needed");
    }
  }

  /** The score of the last sample selected. */
  public double threshold() {
    return samples.get(samples.size() - 1).score();
  }

  /**
   * Selects from a pool that fits into memory, by sorting it.
   *
   * @param pool in any order; the ids are distinct
   * @param tokens a sample's length
   * @throws UserError if the budget selects nothing or more than there is
   */
  public static Selection of(
      Budget.Whole budget,
      Collection<RankedSample> pool,
      ToLongFunction<RankedSample> tokens,
      RankingOrder order) {
    List<RankedSample> selected;
    if (budget instanceof Budget.Tokens tokenBudget) {
      long within = tokenBudget.within(pool.stream().mapToLong(tokens).sum());
      selected = withinTokens(pool, within, tokens, order);
    } else {
      selected = best(pool, ((Budget.OfSamples) budget).samples(pool.size()), order);
    }
    if (selected.isEmpty()) {
      throw new UserError(
          "Cannot select: the best sample has more tokens than the budget of " + budget.text(),
          "Give a larger budget.");
    }
    return new Selection(budget, selected, selected.stream().mapToLong(tokens).sum());
  }

  /**
   * The best samples in ranking order; also what finishes the boundary bin of {@link
   * ScoreHistogram#cut}.
   *
   * @param count at most as many as there are
   */
  public static List<RankedSample> best(
      Collection<RankedSample> samples, long count, RankingOrder order) {
    if (count < 0 || count > samples.size()) {
      throw new IllegalArgumentException(
          "Invalid count: must be from 0 to " + samples.size() + ", got " + count);
    }
    return samples.stream().sorted(order).limit(count).toList();
  }

  /**
   * The longest prefix of the ranking order whose tokens are within a budget; also what finishes
   * the boundary bin of {@link ScoreHistogram#cutByWeight}.
   */
  public static List<RankedSample> withinTokens(
      Collection<RankedSample> samples,
      long budget,
      ToLongFunction<RankedSample> tokens,
      RankingOrder order) {
    List<RankedSample> prefix = new ArrayList<>();
    long remaining = budget;
    for (RankedSample sample : samples.stream().sorted(order).toList()) {
      remaining -= tokens.applyAsLong(sample);
      if (remaining < 0) {
        break;
      }
      prefix.add(sample);
    }
    return List.copyOf(prefix);
  }
}

package ai.icon.selection;

import ai.icon.error.UserError;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How much of a ranking is selected: a share of the pool, a number of samples or of tokens; or one
 * of these for each of several groups.
 */
public sealed interface Budget extends Serializable permits Budget.Whole, Budget.ByGroup {
  /** A budget of the whole pool, whatever the groups in it. */
  sealed interface Whole extends Budget permits OfSamples, Tokens {}

  /** A budget that is a number of samples once the pool is known. */
  sealed interface OfSamples extends Whole permits Share, Count {
    /**
     * The samples to select.
     *
     * @param pool samples that may be selected
     * @return k, from 1 to {@code pool}
     * @throws UserError if the budget selects nothing or more than there is
     */
    long samples(long pool);
  }

  /** The budget as {@link #parse} reads it. */
  String text();

  /**
   * Reads {@code 15%} (decimals allowed: {@code 12.5%}), {@code 5000} or {@code 2000000tokens}; or
   * {@code group:cot=500,niv=10%}, one of these for each group.
   *
   * @throws UserError if it is none of these, not positive, or above 100 %
   */
  static Budget parse(String text) {
    return BudgetSyntax.parse(text);
  }

  /**
   * A share of the pool.
   *
   * @param fraction above 0, at most 1; a decimal, so that 15 % of 200 is 30 and not 29
   */
  record Share(BigDecimal fraction) implements OfSamples {
    /** Checks the range; drops trailing zeros, so that equal shares are equal. */
    public Share {
      if (fraction.signum() <= 0 || fraction.compareTo(BigDecimal.ONE) > 0) {
        throw new IllegalArgumentException(
            "Invalid share: must be above 0 and at most 1, got " + fraction);
      }
      fraction = fraction.stripTrailingZeros();
    }

    /** {@code floor(fraction · pool)}, exact. */
    @Override
    public long samples(long pool) {
      long samples =
          fraction
              .multiply(BigDecimal.valueOf(pool))
              .setScale(0, RoundingMode.FLOOR)
              .longValueExact();
      if (samples < 1) {
        throw new UserError(
            "Cannot select: a budget of " + text() + " of " + pool + " samples is no sample",
            "Give a larger share or a number of samples, or check that the pool is not empty.");
      }
      return samples;
    }

    @Override
    public String text() {
      return fraction.movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }
  }

  /**
   * A number of samples.
   *
   * @param count at least 1
   */
  record Count(long count) implements OfSamples {
    /** Checks that it is positive. */
    public Count {
      if (count < 1) {
        throw new IllegalArgumentException("Invalid count: must be at least 1, got " + count);
      }
    }

    @Override
    public long samples(long pool) {
      if (count > pool) {
        throw new UserError(
            "Cannot select: the budget of " + count + " samples is above the pool of " + pool,
            "Give at most " + pool + " samples, or 100% for all of them.");
      }
      return count;
    }

    @Override
    public String text() {
      return Long.toString(count);
    }
  }

  /**
   * A number of tokens: the longest prefix of the ranking that is within it.
   *
   * @param tokens at least 1
   */
  record Tokens(long tokens) implements Whole {
    /** Checks that it is positive. */
    public Tokens {
      if (tokens < 1) {
        throw new IllegalArgumentException("Invalid tokens: must be at least 1, got " + tokens);
      }
    }

    /**
     * The tokens to select within.
     *
     * @param poolTokens tokens of all samples that may be selected
     * @throws UserError if the pool has fewer
     */
    public long within(long poolTokens) {
      if (tokens > poolTokens) {
        throw new UserError(
            "Cannot select: the budget of "
                + tokens
                + " tokens is above the pool of "
                + poolTokens
                + " tokens",
            "Give at most " + poolTokens + "tokens, or 100% for all samples.");
      }
      return tokens;
    }

    @Override
    public String text() {
      return tokens + "tokens";
    }
  }

  /**
   * A budget for each of some groups; samples of other groups are not selected.
   *
   * @param budgets by group, at least one; groups in the order of their names
   */
  record ByGroup(SortedMap<String, Whole> budgets) implements Budget {
    /** Copies the budgets and checks that there is one. */
    public ByGroup {
      budgets = Collections.unmodifiableSortedMap(new TreeMap<>(budgets));
      if (budgets.isEmpty()) {
        throw new IllegalArgumentException("Invalid budget by group: at least one group is needed");
      }
    }

    @Override
    public String text() {
      return budgets.entrySet().stream()
          .map(entry -> entry.getKey() + "=" + entry.getValue().text())
          .collect(Collectors.joining(",", BudgetSyntax.GROUP, ""));
    }
  }
}

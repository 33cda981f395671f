package ai.icon.selection;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import java.io.Serializable;

/**
 * A budget held against the group that it is for. A number of samples or tokens that is above the
 * group takes the whole group and falls short, which is no error: groups shrink from night to
 * night, and the manifest says so.
 *
 * @param budget what was asked for
 * @param samples samples in the group
 * @param tokens their summed tokens
 * @param wanted what the cut takes: tokens for a budget in tokens, samples otherwise; at most what
 *     there is
 * @param shortfall what was asked for beyond that, in the same unit; 0 where the group is enough
 */
public record GroupBudget(
    Budget.Whole budget, long samples, long tokens, long wanted, long shortfall)
    implements Serializable {
  /** Checks that a budget is given. */
  public GroupBudget {
    requireNonNull(budget, "budget");
  }

  /**
   * Holds a budget against a group.
   *
   * @param group its name, for messages
   * @param samples in the group, at least 1
   * @param tokens of the group
   * @throws UserError if the budget is a share that is less than one sample
   */
  public static GroupBudget of(String group, Budget.Whole budget, long samples, long tokens) {
    if (budget instanceof Budget.Tokens asked) {
      return limited(budget, samples, tokens, asked.tokens(), tokens);
    }
    if (budget instanceof Budget.Count asked) {
      return limited(budget, samples, tokens, asked.count(), samples);
    }
    try {
      long wanted = ((Budget.Share) budget).samples(samples);
      return new GroupBudget(budget, samples, tokens, wanted, 0);
    } catch (UserError e) {
      throw new UserError(
          "Cannot select from group "
              + group
              + ": "
              + budget.text()
              + " of "
              + samples
              + " samples is no sample",
          "Give the group a larger share or a number of samples, or leave it out of --budget.",
          e);
    }
  }

  /** Samples that the budget takes for certain: none where it is in tokens. */
  public long leastSamples() {
    return budget instanceof Budget.Tokens ? 0 : wanted;
  }

  /**
   * What the budget takes, in samples of a pool.
   *
   * @param pool samples of the pool, at least those of the group
   * @return from 0 to 1; for a budget in tokens as if all samples of the group were equally long
   */
  public double shareOf(long pool) {
    double ofGroup = (double) wanted / (budget instanceof Budget.Tokens ? tokens : samples);
    return ofGroup * samples / pool;
  }

  private static GroupBudget limited(
      Budget.Whole budget, long samples, long tokens, long asked, long available) {
    long wanted = Math.min(asked, available);
    return new GroupBudget(budget, samples, tokens, wanted, asked - wanted);
  }
}

package ai.icon.contribution;

import ai.icon.error.UserError;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How much a pair counts in the global contribution, by the group of its assessed example
 * (method.md, Global contribution). Groups that are not named count 1, so that no name at all is
 * the plain mean over the assessment set.
 *
 * @param weightByGroup finite and not negative
 */
public record GroupWeights(SortedMap<String, Double> weightByGroup) implements Serializable {

  /** Copies the weights and checks that each is finite and not negative. */
  public GroupWeights {
    weightByGroup = Collections.unmodifiableSortedMap(new TreeMap<>(weightByGroup));
    weightByGroup.forEach(
        (group, weight) -> {
          if (!(weight >= 0 && Double.isFinite(weight))) {
            throw new UserError(
                "Invalid weight of group \"" + group + "\": must be 0 or more, got " + weight,
                "Set a number of 0 or more, or leave the group out for a weight of 1.");
          }
        });
  }

  /** Every pair counts 1. */
  public static GroupWeights uniform() {
    return new GroupWeights(Collections.emptySortedMap());
  }

  /**
   * Weights as a user sets them.
   *
   * @param weights by group; the others count 1
   * @param groups all groups of the assessment set
   * @throws UserError if a group is unknown, a weight is negative or not finite, or all are 0
   */
  public static GroupWeights of(Map<String, Double> weights, Set<String> groups) {
    GroupWeights checked = new GroupWeights(new TreeMap<>(weights));
    for (String group : checked.weightByGroup.keySet()) {
      if (!groups.contains(group)) {
        throw new UserError(
            "Invalid group weight: no group \"" + group + "\" in the assessment set",
            "Use one of its groups: " + String.join(", ", groups.stream().sorted().toList()) + ".");
      }
    }
    if (groups.stream().allMatch(group -> checked.of(group) == 0)) {
      throw new UserError(
          "Invalid group weights: at least one group must count, got 0 for all",
          "Set the weight of one group above 0.");
    }
    return checked;
  }

  /** The weight of every pair of a group. */
  public double of(String group) {
    return weightByGroup.getOrDefault(group, 1.0);
  }
}

package ai.icon.assessment;

import ai.icon.error.UserError;
import java.io.Serializable;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The assessment set D_a (method.md): examples sorted by id once and for all, so that neither the
 * order of the input nor anything later changes a batch or a sum. An assessed example's index is
 * its place in {@link #examples()}.
 *
 * @param examples at least one, ids strictly ascending
 * @param duplicates how many examples were collapsed because their id was there already
 */
public record AssessmentSet(List<AssessedExample> examples, int duplicates)
    implements Serializable {

  /** Copies the examples and checks that there is one, and that they ascend by id. */
  public AssessmentSet {
    examples = List.copyOf(examples);
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("Invalid assessment set: no example");
    }
    if (duplicates < 0) {
      throw new IllegalArgumentException(
          "Invalid assessment set: duplicates must not be negative, got " + duplicates);
    }
    for (int i = 1; i < examples.size(); i++) {
      if (examples.get(i - 1).id().compareTo(examples.get(i).id()) >= 0) {
        throw new IllegalArgumentException(
            "Invalid assessment set: ids must ascend, got "
                + examples.get(i - 1).id()
                + " before "
                + examples.get(i).id());
      }
    }
  }

  /**
   * Sorts the examples, collapses those of equal id and counts them. Of equal ids the one whose
   * group comes first by name stays, whatever the order of the input.
   *
   * @throws UserError if there is none
   */
  public static AssessmentSet of(Collection<AssessedExample> examples) {
    if (examples.isEmpty()) {
      throw new UserError(
          "Cannot assess: the assessment set has no usable example",
          "Give --assessment a file with at least one prompt and response, or draw more from the"
              + " pool.");
    }
    SortedMap<String, AssessedExample> byId = new TreeMap<>();
    for (AssessedExample example : examples) {
      byId.merge(example.id(), example, AssessmentSet::firstByGroup);
    }
    return new AssessmentSet(List.copyOf(byId.values()), examples.size() - byId.size());
  }

  private static AssessedExample firstByGroup(AssessedExample one, AssessedExample other) {
    return Collections.min(List.of(one, other), Comparator.comparing(AssessedExample::group));
  }

  /** Number of examples. */
  public int size() {
    return examples.size();
  }

  /** The ids in order: what a fingerprint of the set is taken over. */
  public List<String> ids() {
    return examples.stream().map(AssessedExample::id).toList();
  }

  /** The names of the groups, sorted. */
  public SortedSet<String> groups() {
    SortedSet<String> groups = new TreeSet<>();
    examples.forEach(example -> groups.add(example.group()));
    return Collections.unmodifiableSortedSet(groups);
  }
}

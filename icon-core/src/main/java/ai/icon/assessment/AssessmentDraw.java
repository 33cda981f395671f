package ai.icon.assessment;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;

import ai.icon.error.UserError;
import ai.icon.sample.SeededHash;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Draws an assessment set by a seed. What is drawn depends on the ids, the groups and the seed,
 * never on the order in which they come.
 */
public final class AssessmentDraw implements Serializable {
  private static final long serialVersionUID = 1L;

  private final SeededHash hash;

  /**
   * @param seed the run's seed
   */
  public AssessmentDraw(long seed) {
    this.hash = new SeededHash(seed, "assessment draw");
  }

  /** Which of two ids of one group is drawn first: by seeded hash, then id. */
  public int compare(String one, String other) {
    int byHash = Long.compareUnsigned(hash.of(one), hash.of(other));
    return byHash != 0 ? byHash : one.compareTo(other);
  }

  /**
   * How many are drawn from each group of {@link #stratified}, for a caller who cannot hold all
   * members: of each group, so many that are first by {@link #compare}.
   *
   * @param sizes members by group
   * @param count how many to draw, at least 1
   * @throws UserError if there are fewer members than asked for
   */
  public SortedMap<String, Integer> seats(SortedMap<String, Long> sizes, int count) {
    long total = sizes.values().stream().mapToLong(Long::longValue).sum();
    checkCount(total, count);
    return seats(sizes, total, count);
  }

  /**
   * What may be drawn: an assessed example or a sample of the pool.
   *
   * @param id unique among those that may be drawn
   * @param group the stratum it stands for; may be an empty string
   */
  public record Member(String id, String group) {}

  /**
   * What may be drawn once a clustering has placed it.
   *
   * @param id unique among those that may be drawn
   * @param cluster the cluster's number
   * @param distance to the cluster's centre, not negative
   */
  public record Placed(String id, int cluster, double distance) {
    /** Checks that the distance is a number. */
    public Placed {
      if (!(distance >= 0)) {
        throw new IllegalArgumentException(
            "Invalid distance of " + id + " to its centre: must not be negative, got " + distance);
      }
    }
  }

  /**
   * Draws from every group in proportion to its size: seats by largest remainder, equal remainders
   * by group name; inside a group by seeded hash, then id.
   *
   * @param count how many to draw, at least 1
   * @return the drawn ids, ascending
   * @throws UserError if there are fewer members than asked for
   */
  public List<String> stratified(Collection<Member> members, int count) {
    checkCount(members.stream().map(Member::id).toList(), count);
    return draw(members, count);
  }

  /**
   * Draws the member nearest to each centre, and shares out what is left to be drawn among the
   * other members as {@link #stratified} does, the clusters being the groups.
   *
   * @param count how many to draw; at least the number of clusters
   * @return the drawn ids, ascending
   * @throws UserError if there are fewer members than asked for
   */
  public List<String> clustered(Collection<Placed> members, int count) {
    checkCount(members.stream().map(Placed::id).toList(), count);
    Comparator<Placed> nearest =
        Comparator.comparingDouble(Placed::distance).thenComparing(Placed::id, this::compare);
    SortedMap<Integer, Placed> centres = new TreeMap<>();
    members.forEach(
        placed ->
            centres.merge(placed.cluster(), placed, (a, b) -> nearest.compare(a, b) <= 0 ? a : b));
    if (centres.size() > count) {
      throw new IllegalArgumentException(
          "Invalid draw: at least one a cluster, got " + count + " for " + centres.size());
    }
    Set<String> drawn =
        centres.values().stream().map(Placed::id).collect(toCollection(TreeSet::new));
    List<Member> others =
        members.stream()
            .filter(placed -> !drawn.contains(placed.id()))
            .map(placed -> new Member(placed.id(), Integer.toString(placed.cluster())))
            .toList();
    drawn.addAll(draw(others, count - drawn.size()));
    return List.copyOf(drawn);
  }

  private List<String> draw(Collection<Member> members, int count) {
    SortedMap<String, List<Member>> groups =
        new TreeMap<>(members.stream().collect(groupingBy(Member::group)));
    SortedMap<String, Long> sizes = new TreeMap<>();
    groups.forEach((group, inGroup) -> sizes.put(group, (long) inGroup.size()));
    Map<String, Integer> seats = seats(sizes, members.size(), count);
    List<String> drawn = new ArrayList<>(count);
    groups.forEach(
        (group, inGroup) ->
            inGroup.stream()
                .map(Member::id)
                .sorted(this::compare)
                .limit(seats.get(group))
                .forEach(drawn::add));
    return drawn.stream().sorted().toList();
  }

  /** Seats a group by largest remainder (Hamilton), in whole numbers so that nothing is rounded. */
  private static SortedMap<String, Integer> seats(
      SortedMap<String, Long> sizes, long total, int count) {
    SortedMap<String, Integer> seats = new TreeMap<>();
    Map<String, Long> remainders = new TreeMap<>();
    sizes.forEach(
        (group, size) -> {
          long share = Math.multiplyExact((long) count, size);
          seats.put(group, (int) (share / total));
          remainders.put(group, share % total);
        });
    int left = count - seats.values().stream().mapToInt(Integer::intValue).sum();
    sizes.keySet().stream()
        .sorted(comparing((String group) -> -remainders.get(group)).thenComparing(group -> group))
        .limit(left)
        .forEach(group -> seats.merge(group, 1, Integer::sum));
    return seats;
  }

  private static void checkCount(List<String> ids, int count) {
    checkCount(ids.size(), count);
    if (new HashSet<>(ids).size() < ids.size()) {
      throw new IllegalArgumentException("Invalid draw: ids must be unique");
    }
  }

  private static void checkCount(long available, int count) {
    if (count < 1) {
      throw new UserError(
          "Invalid assessment size: must be at least 1, got " + count,
          "Set --assessment-size to 1 or more.");
    }
    if (count > available) {
      throw new UserError(
          "Cannot draw the assessment set: " + count + " asked for, " + available + " available",
          "Set --assessment-size to at most " + available + ", or give more samples.");
    }
  }
}

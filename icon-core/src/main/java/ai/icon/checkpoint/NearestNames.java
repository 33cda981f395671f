package ai.icon.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the names that somebody may have meant who asked for one that is not there. */
final class NearestNames {
  private static final int SHOWN = 3;

  private NearestNames() {}

  /** The names that share most of their parts with the wanted one, from the front and the back. */
  static List<String> of(String wanted, Collection<String> all) {
    List<String> names = new ArrayList<>(all);
    names.sort(
        Comparator.comparingInt((String name) -> -sharedParts(wanted, name))
            .thenComparing(Comparator.naturalOrder()));
    return names.subList(0, Math.min(SHOWN, names.size()));
  }

  private static int sharedParts(String left, String right) {
    List<String> a = List.of(left.split("\\.", -1));
    List<String> b = List.of(right.split("\\.", -1));
    int shorter = Math.min(a.size(), b.size());
    int front = 0;
    while (front < shorter && a.get(front).equals(b.get(front))) {
      front++;
    }
    int back = 0;
    while (back < shorter - front
        && a.get(a.size() - 1 - back).equals(b.get(b.size() - 1 - back))) {
      back++;
    }
    return front + back;
  }
}

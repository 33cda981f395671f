package ai.icon.provenance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What differs between two fingerprinted maps, for a person to read.
 *
 * @param lines one a differing key, sorted by key: {@code key: was X, now Y}
 */
public record Difference(List<String> lines) {
  /** Copies the lines. */
  public Difference {
    lines = List.copyOf(lines);
  }

  /**
   * Compares what was with what is now. A key that only one of them has is {@code not set} in the
   * other.
   */
  public static Difference between(Map<String, String> was, Map<String, String> now) {
    TreeSet<String> keys = new TreeSet<>(was.keySet());
    keys.addAll(now.keySet());
    List<String> lines = new ArrayList<>();
    for (String key : keys) {
      String before = shown(was, key);
      String after = shown(now, key);
      if (!before.equals(after)) {
        lines.add(key + ": was " + before + ", now " + after);
      }
    }
    return new Difference(lines);
  }

  /** Whether both maps say the same. */
  public boolean isEmpty() {
    return lines.isEmpty();
  }

  private static String shown(Map<String, String> values, String key) {
    return values.containsKey(key) ? "'" + values.get(key) + "'" : "not set";
  }
}

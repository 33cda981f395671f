package ai.icon.sample;

import ai.icon.error.UserError;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which column of the user's rows holds which field of a shape. A field that is not mapped is
 * looked for under its own name and its usual other names; one that is mapped is looked for under
 * the user's name alone.
 *
 * @param columns canonical name to actual name, the canonical ones among {@link #CANONICAL}
 */
public record ColumnMapping(Map<String, String> columns) implements Serializable {
  /** The names that can be mapped. */
  public static final Set<String> CANONICAL =
      Set.of(
          "id",
          "instruction",
          "input",
          "output",
          "conversations",
          "messages",
          "prompt",
          "completion",
          "group");

  private static final String CURE = "Write canonical=actual, such as instruction=question.";

  /**
   * Copies the map.
   *
   * @throws UserError if a canonical name is not known or an actual one is empty
   */
  public ColumnMapping {
    columns = Map.copyOf(columns);
    for (Map.Entry<String, String> column : new TreeMap<>(columns).entrySet()) {
      if (!CANONICAL.contains(column.getKey())) {
        throw new UserError(
            "Invalid column mapping: the name must be one of "
                + String.join(", ", new TreeSet<>(CANONICAL))
                + ", got "
                + column.getKey(),
            CURE);
      }
      if (column.getValue().isEmpty()) {
        throw new UserError(
            "Invalid column mapping: the column for " + column.getKey() + " must not be empty",
            CURE);
      }
    }
  }

  /** The mapping that changes nothing. */
  public static ColumnMapping none() {
    return new ColumnMapping(Map.of());
  }

  /** Whether the user named a column for this field. */
  public boolean maps(String canonical) {
    return columns.containsKey(canonical);
  }

  /** The column that holds a field: the user's, or the field's own name. */
  public String actual(String canonical) {
    return columns.getOrDefault(canonical, canonical);
  }
}

package ai.icon.spark.config;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which tables of Spark's catalogue a run's results are saved as, beside the run folder.
 *
 * @param selection name of a table, or empty
 * @param contributions name of a table, or empty
 * @param overwrite whether a table that icon did not make may be replaced
 */
public record TablesConfig(String selection, String contributions, boolean overwrite)
    implements Serializable {

  private static final String RULE = "be a table name such as db.table";
  private static final Pattern NAME = Pattern.compile("(`[^`]+`|\\w+)(\\.(`[^`]+`|\\w+))*");

  /** Checks every rule. */
  public TablesConfig {
    requireNonNull(selection, "selection");
    requireNonNull(contributions, "contributions");
    Setting.TABLES_SELECTION.check(isName(selection), RULE, selection);
    Setting.TABLES_CONTRIBUTIONS.check(isName(contributions), RULE, contributions);
    Setting.TABLES_CONTRIBUTIONS.check(
        contributions.isEmpty() || !contributions.equalsIgnoreCase(selection),
        "be another table than the selection's",
        contributions);
  }

  private static boolean isName(String name) {
    return name.isEmpty() || NAME.matcher(name).matches();
  }

  static TablesConfig read(SettingReader reader) {
    return new TablesConfig(
        reader.text(Setting.TABLES_SELECTION),
        reader.text(Setting.TABLES_CONTRIBUTIONS),
        reader.isOn(Setting.TABLES_OVERWRITE));
  }

  void write(Map<Setting, Object> values) {
    values.put(Setting.TABLES_SELECTION, selection);
    values.put(Setting.TABLES_CONTRIBUTIONS, contributions);
    values.put(Setting.TABLES_OVERWRITE, Boolean.toString(overwrite));
  }
}

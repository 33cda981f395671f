package ai.icon.spark.config;

import static java.util.Objects.requireNonNull;

import ai.icon.selection.Budget;
import java.io.Serializable;
import java.util.Map;

/**
 * How much is selected.
 *
 * @param budget a share, samples or tokens; of the pool or of each of several groups
 * @param groupBy the samples' own field whose values are the groups
 */
public record SelectionConfig(Budget budget, String groupBy) implements Serializable {

  private static final String RULE =
      "be a share up to 100% such as 15%, samples such as 5000 or tokens such as 2000000tokens,"
          + " above 0, or one of these for each group such as group:cot=500,niv=10%";

  /** Checks that both are given. */
  public SelectionConfig {
    requireNonNull(budget, "budget");
    Setting.SELECTION_GROUP_BY.check(!groupBy.isBlank(), "name a column", "nothing");
  }

  static SelectionConfig read(SettingReader reader) {
    String text = reader.text(Setting.SELECTION_BUDGET);
    return new SelectionConfig(
        Setting.SELECTION_BUDGET.parsed(() -> Budget.parse(text), RULE, text),
        reader.text(Setting.SELECTION_GROUP_BY));
  }

  void write(Map<Setting, Object> values) {
    values.put(Setting.SELECTION_BUDGET, budget.text());
    values.put(Setting.SELECTION_GROUP_BY, groupBy);
  }
}

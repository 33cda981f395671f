package ai.icon.spark.config;

import static java.util.Objects.requireNonNull;

import ai.icon.selection.Budget;
import java.io.Serializable;
import java.util.Map;

/**
 * How much is selected.
 *
 * @param budget a share, samples or tokens
 */
public record SelectionConfig(Budget budget) implements Serializable {

  private static final String RULE =
      "be a share up to 100% such as 15%, samples such as 5000 or tokens such as 2000000tokens,"
          + " above 0";

  /** Checks that it is given. */
  public SelectionConfig {
    requireNonNull(budget, "budget");
  }

  static SelectionConfig read(SettingReader reader) {
    String text = reader.text(Setting.SELECTION_BUDGET);
    return new SelectionConfig(
        Setting.SELECTION_BUDGET.parsed(() -> Budget.parse(text), RULE, text));
  }

  void write(Map<Setting, Object> values) {
    values.put(Setting.SELECTION_BUDGET, budget.text());
  }
}

package ai.icon.spark.config;

import java.io.Serializable;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much is selected.
 *
 * @param budget a share such as {@code 15%}, samples such as {@code 5000} or tokens such as {@code
 *     2000000tokens}; above 0, a share at most 100%
 */
public record SelectionConfig(String budget) implements Serializable {

  private static final Pattern BUDGET =
      Pattern.compile("(\\d{1,18}(?:\\.\\d+)?)%|(\\d{1,18})(?:tokens)?");
  private static final String RULE =
      "be a share such as 15%, samples such as 5000 or tokens such as 2000000tokens, above 0";

  /** Checks the form and that it is above 0 and at most 100%. */
  public SelectionConfig {
    Matcher matcher = BUDGET.matcher(budget);
    Setting.SELECTION_BUDGET.check(matcher.matches(), RULE, budget);
    boolean isShare = matcher.group(1) != null;
    double amount = Double.parseDouble(isShare ? matcher.group(1) : matcher.group(2));
    Setting.SELECTION_BUDGET.check(amount > 0, RULE, budget);
    Setting.SELECTION_BUDGET.check(!isShare || amount <= 100, "be at most 100%", budget);
  }

  static SelectionConfig read(SettingReader reader) {
    return new SelectionConfig(reader.text(Setting.SELECTION_BUDGET));
  }

  void write(Map<Setting, Object> values) {
    values.put(Setting.SELECTION_BUDGET, budget);
  }
}

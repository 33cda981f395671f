package ai.icon.selection;

import ai.icon.error.UserError;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a budget is written. */
final class BudgetSyntax {
  private static final Pattern BUDGET = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(%|tokens|)");
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private BudgetSyntax() {}

  static Budget parse(String text) {
    Matcher budget = BUDGET.matcher(text);
    if (!budget.matches()) {
      throw invalid("must be a share, a number of samples or of tokens", text);
    }
    BigDecimal number = new BigDecimal(budget.group(1));
    String unit = budget.group(2);
    if (number.signum() == 0) {
      throw invalid("must be above 0", text);
    }
    if (unit.equals("%")) {
      if (number.compareTo(HUNDRED) > 0) {
        throw invalid("must be at most 100%", text);
      }
      return new Budget.Share(number.movePointLeft(2));
    }
    if (number.scale() > 0) {
      throw invalid("a number of samples or tokens must be whole", text);
    }
    if (number.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw invalid("must be at most " + Long.MAX_VALUE, text);
    }
    return unit.isEmpty()
        ? new Budget.Count(number.longValue())
        : new Budget.Tokens(number.longValue());
  }

  private static UserError invalid(String rule, String text) {
    return new UserError(
        "Invalid budget: " + rule + ", got '" + text + "'",
        "Write a share like 15%, a number of samples like 5000, or tokens like 2000000tokens.");
  }
}

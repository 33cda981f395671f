package ai.icon.selection;

import ai.icon.error.UserError;
import java.math.BigDecimal;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a budget is written. */
final class BudgetSyntax {
  static final String GROUP = "group:";

  private static final Pattern BUDGET = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(%|tokens|)");
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private BudgetSyntax() {}

  static Budget parse(String text) {
    return text.startsWith(GROUP) ? byGroup(text) : whole(text);
  }

  private static Budget byGroup(String text) {
    SortedMap<String, Budget.Whole> budgets = new TreeMap<>();
    for (String part : text.substring(GROUP.length()).split(",", -1)) {
      // The last sign: a budget has none, a group's name may.
      int equals = part.lastIndexOf('=');
      if (equals < 1) {
        throw invalid("must give each group its budget as name=amount", text);
      }
      String group = part.substring(0, equals).strip();
      if (budgets.put(group, whole(part.substring(equals + 1).strip())) != null) {
        throw invalid("must name group " + group + " once", text);
      }
    }
    return new Budget.ByGroup(budgets);
  }

  private static Budget.Whole whole(String text) {
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
        "Write a share like 15%, a number of samples like 5000, tokens like 2000000tokens, or one of"
            + " them for each group like group:cot=500,niv=10%.");
  }
}

package ai.icon.jinja;

import java.util.List;

/** Python's comparisons. */
final class Comparison {
  private Comparison() {}

  static boolean holds(String operator, Value left, Value right) {
    return switch (operator) {
      case "==" -> left.equals(right);
      case "!=" -> !left.equals(right);
      case "in" -> right.contains(left);
      case "not in" -> !right.contains(left);
      default -> ordered(operator, left, right);
    };
  }

  private static boolean ordered(String operator, Value left, Value right) {
    if (isNan(left) || isNan(right)) {
      return false;
    }
    int order = compare(left, right);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      default -> throw new IllegalStateException("No comparison: " + operator);
    };
  }

  private static boolean isNan(Value value) {
    return value instanceof Real real && Double.isNaN(real.real());
  }

  /** The order of two numbers, two texts, two lists or two tuples; others have none. */
  static int compare(Value left, Value right) {
    if (isNan(left) || isNan(right)) {
      throw new Failure("nan has no order");
    }
    if (left instanceof Numeric first && right instanceof Numeric second) {
      return Numeric.compare(first, second);
    }
    if (left instanceof Text first && right instanceof Text second) {
      return PythonText.compare(first.text(), second.text());
    }
    if (left instanceof Items first
        && right instanceof Items second
        && first.isTuple() == second.isTuple()) {
      return compare(first.members(), second.members());
    }
    if (left instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.failure();
    }
    throw new Failure("values of type " + left.type() + " and " + right.type() + " have no order");
  }

  private static int compare(List<Value> left, List<Value> right) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      if (!left.get(i).equals(right.get(i))) {
        return compare(left.get(i), right.get(i));
      }
    }
    return Integer.compare(left.size(), right.size());
  }
}

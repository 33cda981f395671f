package ai.icon.jinja;

import ai.icon.jinja.Expression.Given;
import ai.icon.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Reads expressions with jinja2's precedences (3.1, parser.py). */
@SuppressWarnings("StatementSwitchToExpressionSwitch")
final class ExpressionParser {
  /** Expressions within each other, as written and as read: 1 + 1 + 1 lies two deep. */
  static final int MAX_DEPTH = 100;

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> SUMS = Set.of("+", "-");
  private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");
  private static final Expression NONE = new Expression.Constant(Nothing.NONE);

  private final Tokens tokens;
  private final Deque<Set<String>> reads = new ArrayDeque<>();
  private int depth;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /** The names that are read while something is parsed, which is to end with {@link #readNames}. */
  void noteNames() {
    reads.push(new HashSet<>());
  }

  Set<String> readNames() {
    Set<String> names = reads.pop();
    if (!reads.isEmpty()) {
      reads.peek().addAll(names);
    }
    return names;
  }

  Expression expression() {
    return nested(this::conditional);
  }

  /** One expression, or several with commas between: a tuple. */
  Expression tuple(boolean withConditional) {
    return tuple(withConditional, false);
  }

  private Expression tuple(boolean withConditional, boolean mayBeEmpty) {
    List<Expression> members = new ArrayList<>();
    boolean isTuple = false;
    while (!isTupleEnd()) {
      members.add(withConditional ? expression() : nested(this::or));
      if (!tokens.skipOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (isTuple || (members.isEmpty() && mayBeEmpty)) {
      return new Expression.Several(true, List.copyOf(members));
    }
    if (members.isEmpty()) {
      throw tokens.unexpected("an expression");
    }
    return members.get(0);
  }

  private boolean isTupleEnd() {
    return tokens.is(Kind.VARIABLE_END)
        || tokens.is(Kind.BLOCK_END)
        || tokens.isOperator(")")
        || tokens.isName("recursive");
  }

  private Expression nested(Supplier<Expression> parser) {
    if (++depth > MAX_DEPTH) {
      throw tooDeep();
    }
    Expression expression = parser.get();
    depth--;
    return expression;
  }

  /** Checks how deep a chain of operators has become. */
  private static void check(Expression expression) {
    if (depth(expression) > MAX_DEPTH) {
      throw tooDeep();
    }
  }

  private static int depth(Expression expression) {
    int deepest = 0;
    for (Expression child : expression.children()) {
      deepest = Math.max(deepest, depth(child));
    }
    return deepest + 1;
  }

  private static Failure tooDeep() {
    return new Failure("more than " + MAX_DEPTH + " expressions lie in each other");
  }

  private Expression conditional() {
    Expression value = or();
    while (tokens.skipName("if")) {
      Expression condition = or();
      Optional<Expression> otherwise =
          tokens.skipName("else") ? Optional.of(nested(this::conditional)) : Optional.empty();
      value = new Expression.Conditional(condition, value, otherwise);
      check(value);
    }
    return value;
  }

  private Expression or() {
    Expression left = and();
    while (tokens.skipName("or")) {
      left = new Expression.Either(false, left, and());
      check(left);
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.skipName("and")) {
      left = new Expression.Either(true, left, not());
      check(left);
    }
    return left;
  }

  private Expression not() {
    return tokens.skipName("not") ? new Expression.Not(nested(this::not)) : comparison();
  }

  private Expression comparison() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> others = new ArrayList<>();
    for (Optional<String> next = comparator(); next.isPresent(); next = comparator()) {
      operators.add(next.get());
      others.add(sum());
    }
    return others.isEmpty() ? first : new Expression.Comparisons(first, operators, others);
  }

  private Optional<String> comparator() {
    if (tokens.is(Kind.OPERATOR) && COMPARISONS.contains(tokens.current().text())) {
      return Optional.of(tokens.take().text());
    }
    if (tokens.skipName("in")) {
      return Optional.of("in");
    }
    if (tokens.isName("not") && tokens.following().isName("in")) {
      tokens.take();
      tokens.take();
      return Optional.of("not in");
    }
    return Optional.empty();
  }

  private Expression sum() {
    return binary(SUMS, this::concatenation);
  }

  private Expression concatenation() {
    Expression first = product();
    if (!tokens.isOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return new Expression.Concatenation(parts);
  }

  private Expression product() {
    return binary(PRODUCTS, this::power);
  }

  private Expression power() {
    return binary(Set.of("**"), () -> unary(true));
  }

  private Expression binary(Set<String> operators, Supplier<Expression> operand) {
    Expression left = operand.get();
    while (tokens.is(Kind.OPERATOR) && operators.contains(tokens.current().text())) {
      Token operator = tokens.take();
      left = new Expression.Binary(operator.line(), operator.text(), left, operand.get());
      check(left);
    }
    return left;
  }

  private Expression unary(boolean withFilters) {
    Expression value;
    if (tokens.isOperator("-") || tokens.isOperator("+")) {
      boolean isMinus = tokens.take().text().equals("-");
      value = new Expression.Signed(isMinus, nested(() -> unary(false)));
    } else {
      value = primary();
    }
    value = postfix(value);
    return withFilters ? filtersAndTests(value) : value;
  }

  private Expression primary() {
    Token token = tokens.current();
    switch (token.kind()) {
      case NAME:
        tokens.take();
        return name(token.text());
      case STRING:
        return string();
      case INTEGER:
        tokens.take();
        return new Expression.Constant(Literals.integer(token.text()));
      case FLOAT:
        tokens.take();
        return new Expression.Constant(Literals.real(token.text()));
      default:
        return bracketed();
    }
  }

  private Expression name(String name) {
    switch (name) {
      case "true", "True":
        return new Expression.Constant(Truth.TRUE);
      case "false", "False":
        return new Expression.Constant(Truth.FALSE);
      case "none", "None":
        return NONE;
      default:
        if (!reads.isEmpty()) {
          reads.peek().add(name);
        }
        return new Expression.Name(name);
    }
  }

  private Expression string() {
    StringBuilder text = new StringBuilder();
    while (tokens.is(Kind.STRING)) {
      text.append(tokens.take().text());
    }
    return new Expression.Constant(new Text(text.toString()));
  }

  private Expression bracketed() {
    if (tokens.skipOperator("(")) {
      Expression inside = nested(() -> tuple(true, true));
      tokens.expectOperator(")");
      return inside;
    }
    if (tokens.skipOperator("[")) {
      return new Expression.Several(false, members("]"));
    }
    if (tokens.skipOperator("{")) {
      return pairs();
    }
    throw tokens.unexpected("an expression");
  }

  private List<Expression> members(String end) {
    List<Expression> members = new ArrayList<>();
    while (!tokens.skipOperator(end)) {
      if (!members.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.skipOperator(end)) {
          break;
        }
      }
      members.add(expression());
    }
    return List.copyOf(members);
  }

  private Expression pairs() {
    List<Expression> pairs = new ArrayList<>();
    while (!tokens.skipOperator("}")) {
      if (!pairs.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.skipOperator("}")) {
          break;
        }
      }
      pairs.add(expression());
      tokens.expectOperator(":");
      pairs.add(expression());
    }
    return new Expression.Pairs(List.copyOf(pairs));
  }

  private Expression postfix(Expression owner) {
    Expression value = owner;
    while (tokens.is(Kind.OPERATOR)) {
      if (tokens.skipOperator(".")) {
        value = member(value);
      } else if (tokens.skipOperator("[")) {
        value = subscript(value);
      } else if (tokens.isOperator("(")) {
        value = new Expression.Call(tokens.line(), value, given());
      } else {
        break;
      }
      check(value);
    }
    return value;
  }

  private Expression member(Expression owner) {
    if (tokens.is(Kind.INTEGER)) {
      return new Expression.Item(
          owner, new Expression.Constant(Literals.integer(tokens.take().text())));
    }
    return new Expression.Attribute(owner, tokens.expectName());
  }

  private Expression subscript(Expression owner) {
    Expression start = tokens.isOperator(":") ? NONE : expression();
    if (tokens.skipOperator(":")) {
      Expression stop = bound();
      Expression step = tokens.skipOperator(":") ? bound() : NONE;
      tokens.expectOperator("]");
      return new Expression.Cut(owner, start, stop, step);
    }
    if (tokens.isOperator(",")) {
      throw new Failure("several subscripts in one pair of brackets are not supported");
    }
    tokens.expectOperator("]");
    return new Expression.Item(owner, start);
  }

  private Expression bound() {
    return tokens.isOperator("]") || tokens.isOperator(":") ? NONE : expression();
  }

  private Expression filtersAndTests(Expression owner) {
    Expression value = owner;
    while (true) {
      if (tokens.skipOperator("|")) {
        Statement.Applied filter = filter();
        value = new Expression.Filter(filter.line(), value, filter.name(), filter.given());
      } else if (tokens.isName("is")) {
        value = test(value);
      } else if (tokens.isOperator("(")) {
        value = new Expression.Call(tokens.line(), value, given());
      } else {
        return value;
      }
      check(value);
    }
  }

  /** A filter's name and arguments, behind its bar. */
  Statement.Applied filter() {
    int line = tokens.line();
    String name = dotted();
    return new Statement.Applied(line, name, tokens.isOperator("(") ? given() : Given.NONE);
  }

  private String dotted() {
    StringBuilder name = new StringBuilder(tokens.expectName());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expectName());
    }
    return name.toString();
  }

  private Expression test(Expression value) {
    int line = tokens.take().line();
    boolean negated = tokens.skipName("not");
    String name = dotted();
    Given given = Given.NONE;
    if (tokens.isOperator("(")) {
      given = given();
    } else if (beginsOperand()) {
      if (tokens.isName("is")) {
        throw new Failure("tests cannot be chained with is");
      }
      Expression operand = postfix(primary());
      given = new Given(List.of(operand), Map.of(), Optional.empty(), Optional.empty());
    }
    Expression test = new Expression.Test(line, value, name, given);
    return negated ? new Expression.Not(test) : test;
  }

  private boolean beginsOperand() {
    boolean isName =
        tokens.is(Kind.NAME)
            && !tokens.isName("else")
            && !tokens.isName("or")
            && !tokens.isName("and");
    return isName
        || tokens.is(Kind.STRING)
        || tokens.is(Kind.INTEGER)
        || tokens.is(Kind.FLOAT)
        || tokens.isOperator("[")
        || tokens.isOperator("{");
  }

  /** The arguments of a call, brackets included. */
  private Given given() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Optional<Expression> rest = Optional.empty();
    Optional<Expression> namedRest = Optional.empty();
    boolean first = true;
    while (!tokens.skipOperator(")")) {
      if (!first) {
        tokens.expectOperator(",");
        if (tokens.skipOperator(")")) {
          break;
        }
      }
      first = false;
      boolean isNamed = tokens.is(Kind.NAME) && tokens.following().isOperator("=");
      requireOrder(namedRest.isEmpty() && (isNamed || tokens.isOperator("**") || rest.isEmpty()));
      if (tokens.skipOperator("*")) {
        rest = Optional.of(expression());
      } else if (tokens.skipOperator("**")) {
        namedRest = Optional.of(expression());
      } else if (isNamed) {
        String name = tokens.take().text();
        tokens.take();
        requireOrder(named.put(name, expression()) == null);
      } else {
        requireOrder(named.isEmpty());
        positional.add(expression());
      }
    }
    return new Given(List.copyOf(positional), named, rest, namedRest);
  }

  private static void requireOrder(boolean holds) {
    if (!holds) {
      throw new Failure("the arguments of a call are out of order or given twice");
    }
  }
}

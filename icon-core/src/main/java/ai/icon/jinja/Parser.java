package ai.icon.jinja;

import ai.icon.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the statements of a template (jinja2 3.1, parser.py); what it does not know it refuses. */
final class Parser {
  /** Statements within each other. */
  static final int MAX_DEPTH = 50;

  private static final Set<String> KEYWORDS =
      Set.of("true", "false", "none", "True", "False", "None");

  private final Tokens tokens;
  private final ExpressionParser expressions;
  private int depth;
  private boolean mayJump;
  private boolean inLoop;

  private Parser(Tokens tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  /**
   * Reads a template.
   *
   * @throws TemplateException if it is none
   */
  static Body parse(String name, String text) {
    Tokens tokens = new Tokens(Lexer.tokens(name, text));
    try {
      return new Body(new Parser(tokens).until(Set.of(), "end of template"));
    } catch (Failure e) {
      throw new TemplateException(name, tokens.line(), e);
    } catch (StackOverflowError e) {
      throw new TemplateException(name, tokens.line(), Failure.tooDeep());
    }
  }

  /** The statements up to one of the tags, which becomes current; up to the end if none. */
  private List<Statement> until(Set<String> tags, String opener) {
    if (++depth > MAX_DEPTH) {
      throw new Failure("more than " + MAX_DEPTH + " statements lie in each other");
    }
    List<Statement> statements = new ArrayList<>();
    while (!tokens.is(Kind.END)) {
      Token token = tokens.take();
      if (token.kind() == Kind.DATA) {
        statements.add(new Statement.Data(token.line(), token.text()));
      } else if (token.kind() == Kind.VARIABLE_BEGIN) {
        statements.add(new Statement.Print(token.line(), expressions.tuple(true)));
        tokens.expect(Kind.VARIABLE_END, "end of print statement");
      } else if (tokens.is(Kind.NAME) && tags.contains(tokens.current().text())) {
        depth--;
        return statements;
      } else {
        statement(statements);
        tokens.expect(Kind.BLOCK_END, "end of statement block");
      }
    }
    if (!tags.isEmpty()) {
      throw new Failure(
          "the template ends within " + opener + "; one of " + sorted(tags) + " is missing");
    }
    depth--;
    return statements;
  }

  private static List<String> sorted(Set<String> tags) {
    return tags.stream().sorted().toList();
  }

  /** The body of a tag: closes the tag and reads up to one of the others. */
  private List<Statement> body(String opener, String... tags) {
    tokens.skipOperator(":");
    tokens.expect(Kind.BLOCK_END, "end of statement block");
    return until(Set.of(tags), opener);
  }

  private void statement(List<Statement> statements) {
    int line = tokens.line();
    String tag = tokens.expectName();
    switch (tag) {
      case "if" -> statements.add(conditional(line));
      case "for" -> statements.add(loop(line));
      case "set" -> statements.add(assignment(line));
      case "macro" -> statements.add(macro(line));
      case "call" -> statements.add(call(line));
      case "filter" -> statements.add(filtered(line));
      case "with" -> statements.add(with(line));
      case "print" -> print(line, statements);
      case "break" -> statements.add(jump(line, tag, Statement.Flow.BREAK));
      case "continue" -> statements.add(jump(line, tag, Statement.Flow.CONTINUE));
      case "generation" -> statements.add(generation(line));
      default -> throw new Failure("the tag '" + tag + "' is not supported, or has no beginning");
    }
  }

  private Statement.If conditional(int line) {
    Expression condition = expressions.tuple(false);
    List<Statement> then = body("if", "elif", "else", "endif");
    List<Statement> elifs = new ArrayList<>();
    List<Statement> otherwise = List.of();
    while (tokens.isName("elif")) {
      int elifLine = tokens.take().line();
      Expression elifCondition = expressions.tuple(false);
      elifs.add(
          new Statement.If(
              elifLine, elifCondition, body("if", "elif", "else", "endif"), List.of(), List.of()));
    }
    if (tokens.skipName("else")) {
      otherwise = body("if", "endif");
    }
    tokens.expectName("endif");
    return new Statement.If(line, condition, then, elifs, otherwise);
  }

  private Statement loop(int line) {
    boolean outerLoop = inLoop;
    inLoop = true;
    Target target = target(false);
    tokens.expectName("in");
    Expression members = expressions.tuple(false);
    Optional<Expression> condition =
        tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
    if (tokens.isName("recursive")) {
      throw new Failure("recursive loops are not supported");
    }
    boolean outerJump = mayJump;
    mayJump = true;
    Body body = new Body(body("for", "endfor", "else"));
    mayJump = outerJump;
    Body otherwise = new Body(tokens.skipName("else") ? body("for", "endfor") : List.of());
    inLoop = outerLoop;
    tokens.expectName("endfor");
    return new Statement.For(line, target, members, condition, body, otherwise);
  }

  private Statement jump(int line, String tag, Statement.Flow flow) {
    if (!mayJump) {
      throw new Failure(
          "'" + tag + "' stands in no loop, or in a block within it that is captured");
    }
    return new Statement.Jump(line, flow);
  }

  private Statement assignment(int line) {
    Target target = target(true);
    if (tokens.skipOperator("=")) {
      return new Statement.Assign(line, target, expressions.tuple(true));
    }
    List<Statement.Applied> filters = new ArrayList<>();
    while (tokens.skipOperator("|")) {
      filters.add(expressions.filter());
    }
    return new Statement.Capture(line, target, filters, captured("set", "endset"));
  }

  /** A body whose text is kept: no loop can be left out of it. */
  private Body captured(String opener, String tag) {
    boolean outerJump = mayJump;
    mayJump = false;
    Body body = new Body(body(opener, tag));
    mayJump = outerJump;
    tokens.expectName(tag);
    return body;
  }

  /** One target, or several with commas between. */
  private Target target(boolean withMembers) {
    List<Target> targets = new ArrayList<>();
    boolean isTuple = false;
    while (!tokens.isName("in") && !tokens.isOperator("=") && !tokens.is(Kind.BLOCK_END)) {
      targets.add(oneTarget(withMembers));
      if (!tokens.skipOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (targets.isEmpty()) {
      throw tokens.unexpected("a name to assign to");
    }
    return isTuple ? new Target.Several(List.copyOf(targets)) : targets.get(0);
  }

  private Target oneTarget(boolean withMembers) {
    if (tokens.skipOperator("(")) {
      Target inside = bracketed(withMembers);
      tokens.expectOperator(")");
      return inside;
    }
    String name = name();
    if (withMembers && tokens.skipOperator(".")) {
      return new Target.Member(name, tokens.expectName());
    }
    if (inLoop && name.equals("loop")) {
      throw new Failure("loop cannot be assigned to within a loop");
    }
    return new Target.Variable(name);
  }

  private Target bracketed(boolean withMembers) {
    List<Target> targets = new ArrayList<>();
    boolean isTuple = false;
    while (!tokens.isOperator(")")) {
      targets.add(oneTarget(withMembers));
      if (!tokens.skipOperator(",")) {
        break;
      }
      isTuple = true;
    }
    return isTuple || targets.isEmpty() ? new Target.Several(List.copyOf(targets)) : targets.get(0);
  }

  private String name() {
    String name = tokens.expectName();
    if (KEYWORDS.contains(name)) {
      throw new Failure(name + " cannot be assigned to");
    }
    return name;
  }

  private Statement macro(int line) {
    String name = name();
    expressions.noteNames();
    List<MacroBody.Parameter> parameters = parameters();
    Body body = outOfLoop("macro", "endmacro");
    return new Statement.Define(
        line, new MacroBody(name, parameters, body, expressions.readNames()));
  }

  /** A body that is called: no loop around it can be left out of it. */
  private Body outOfLoop(String opener, String tag) {
    boolean outerLoop = inLoop;
    inLoop = false;
    Body body = captured(opener, tag);
    inLoop = outerLoop;
    return body;
  }

  private List<MacroBody.Parameter> parameters() {
    List<MacroBody.Parameter> parameters = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      String name = name();
      boolean hasDefault = tokens.skipOperator("=");
      if (!hasDefault && parameters.stream().anyMatch(before -> before.otherwise().isPresent())) {
        throw new Failure("parameter " + name + " without a default follows one with a default");
      }
      if (parameters.stream().anyMatch(before -> before.name().equals(name))) {
        throw new Failure("parameter " + name + " is there twice");
      }
      parameters.add(
          new MacroBody.Parameter(
              name, hasDefault ? Optional.of(expressions.expression()) : Optional.empty()));
    }
    return parameters;
  }

  private Statement call(int line) {
    expressions.noteNames();
    List<MacroBody.Parameter> parameters = tokens.isOperator("(") ? parameters() : List.of();
    Set<String> defaults = expressions.readNames();
    if (!(expressions.expression() instanceof Expression.Call call)) {
      throw new Failure("a call block needs a call");
    }
    expressions.noteNames();
    Body body = outOfLoop("call", "endcall");
    Set<String> reads = new HashSet<>(expressions.readNames());
    reads.addAll(defaults);
    return new Statement.CallBlock(line, new MacroBody("caller", parameters, body, reads), call);
  }

  private Statement generation(int line) {
    expressions.noteNames();
    Body body = outOfLoop("generation", "endgeneration");
    return new Statement.Generation(
        line, new MacroBody("generation", List.of(), body, expressions.readNames()));
  }

  private Statement filtered(int line) {
    List<Statement.Applied> filters = new ArrayList<>(List.of(expressions.filter()));
    while (tokens.skipOperator("|")) {
      filters.add(expressions.filter());
    }
    return new Statement.Filtered(line, filters, captured("filter", "endfilter"));
  }

  private Statement with(int line) {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.is(Kind.BLOCK_END)) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(oneTarget(false));
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    Body body = new Body(body("with", "endwith"));
    tokens.expectName("endwith");
    return new Statement.With(line, targets, values, body);
  }

  private void print(int line, List<Statement> statements) {
    boolean first = true;
    while (!tokens.is(Kind.BLOCK_END)) {
      if (!first) {
        tokens.expectOperator(",");
      }
      first = false;
      statements.add(new Statement.Print(line, expressions.expression()));
    }
  }
}

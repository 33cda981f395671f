package ai.icon.jinja;

import ai.icon.jinja.Token.Kind;
import java.util.List;

/** The tokens of a template and where the parser stands in them. */
final class Tokens {
  private final List<Token> tokens;
  private int position;

  Tokens(List<Token> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  Token current() {
    return tokens.get(position);
  }

  /** The one behind the current; at the end the end. */
  Token following() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  /** The current one; the next becomes current. */
  Token take() {
    Token token = current();
    position = Math.min(position + 1, tokens.size() - 1);
    return token;
  }

  int line() {
    return current().line();
  }

  boolean is(Kind kind) {
    return current().kind() == kind;
  }

  boolean isName(String name) {
    return current().isName(name);
  }

  boolean isOperator(String operator) {
    return current().isOperator(operator);
  }

  boolean skipName(String name) {
    boolean skips = isName(name);
    if (skips) {
      take();
    }
    return skips;
  }

  boolean skipOperator(String operator) {
    boolean skips = isOperator(operator);
    if (skips) {
      take();
    }
    return skips;
  }

  Token expect(Kind kind, String expected) {
    if (!is(kind)) {
      throw unexpected(expected);
    }
    return take();
  }

  String expectName() {
    return expect(Kind.NAME, "a name").text();
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  Failure unexpected(String expected) {
    return new Failure("expected " + expected + ", got " + current().described());
  }
}

package ai.icon.jinja;

import java.util.List;

/** Statements with a frame of their own; two bodies are equal only if they are the same one. */
final class Body {
  private final List<Statement> statements;

  Body(List<Statement> statements) {
    this.statements = List.copyOf(statements);
  }

  List<Statement> statements() {
    return statements;
  }

  /** Renders the statements one after another, until one breaks off. */
  Statement.Flow execute(Scope scope) {
    return Statement.execute(statements, scope);
  }

  /** The text that the statements print. */
  String capture(Scope scope) {
    return scope.rendering().capture(() -> execute(scope));
  }
}

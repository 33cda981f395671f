package ai.icon.jinja;

/**
 * A piece of a template.
 *
 * @param kind what it is
 * @param text a name, an operator, the value of a string, the digits of a number, or plain text
 * @param line from 1
 */
record Token(Kind kind, String text, int line) {
  /** What a piece can be. */
  enum Kind {
    DATA("text"),
    VARIABLE_BEGIN("begin of print statement"),
    VARIABLE_END("end of print statement"),
    BLOCK_BEGIN("begin of statement block"),
    BLOCK_END("end of statement block"),
    NAME("name"),
    STRING("string"),
    INTEGER("integer"),
    FLOAT("float"),
    OPERATOR("operator"),
    END("end of template");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  /** For messages. */
  String described() {
    return kind == Kind.NAME || kind == Kind.OPERATOR ? "'" + text + "'" : kind.words;
  }
}

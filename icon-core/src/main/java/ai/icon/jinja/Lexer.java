package ai.icon.jinja;

import ai.icon.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens as jinja2's lexer does with trim_blocks and lstrip_blocks, without
 * keep_trailing_newline (jinja2 3.1, lexer.py): the newline behind a block or comment goes, and so
 * does the white space before one that begins its line; {@code -} takes all white space on its
 * side, {@code +} keeps it.
 */
final class Lexer {
  /** The longest template, in characters; the largest published ones have some 20,000. */
  static final int MAX_LENGTH = 1_000_000;

  private static final Pattern RAW_BEGIN = Pattern.compile("\\s*+raw\\s*+(-?)%}");
  private static final Pattern RAW_END = Pattern.compile("\\{%([-+]?)\\s*+endraw\\s*+([-+]?)%}");
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?<!\\.)\\d[\\d_]*+(?:(?:\\.\\d[\\d_]*+)?[eE][+-]?\\d[\\d_]*+|\\.\\d[\\d_]*+)");
  private static final Pattern INTEGER =
      Pattern.compile("0[bB][01_]++|0[oO][0-7_]++|0[xX][0-9a-fA-F_]++|[1-9][\\d_]*+|0[0_]*+");
  private static final Pattern NAME = Pattern.compile("\\w++", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,;]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Character> open = new ArrayDeque<>();
  private int position;
  private int counted;
  private int line = 1;
  private boolean lineStarts = true;

  private Lexer(String source) {
    this.source = source;
  }

  /**
   * The tokens, with END as the last one.
   *
   * @throws TemplateException if the text is no template
   */
  static List<Token> tokens(String name, String text) {
    if (text.length() > MAX_LENGTH) {
      throw new TemplateException(
          name,
          1,
          new Failure(
              "it has " + text.length() + " characters, at most " + MAX_LENGTH + " are taken"));
    }
    String source = text.replace("\r\n", "\n").replace('\r', '\n');
    Lexer lexer =
        new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
    try {
      return lexer.run();
    } catch (Failure e) {
      throw new TemplateException(name, lexer.line(), e);
    }
  }

  private List<Token> run() {
    while (position < source.length()) {
      int begin = begin();
      if (begin < 0) {
        data(source.substring(position));
        position = source.length();
      } else {
        tag(begin);
      }
    }
    add(Kind.END, "");
    return tokens;
  }

  /** Where the next tag begins, or -1. */
  private int begin() {
    for (int at = source.indexOf('{', position); at >= 0; at = source.indexOf('{', at + 1)) {
      if (at + 1 < source.length() && "%{#".indexOf(source.charAt(at + 1)) >= 0) {
        return at;
      }
    }
    return -1;
  }

  private void tag(int begin) {
    char type = source.charAt(begin + 1);
    char sign = begin + 2 < source.length() ? source.charAt(begin + 2) : ' ';
    boolean signed = sign == '-' || sign == '+';
    data(before(source.substring(position, begin), sign, type != '{'));
    position = begin + (signed ? 3 : 2);
    lineStarts = false;
    if (type == '#') {
      comment();
    } else if (type == '{') {
      add(Kind.VARIABLE_BEGIN, "");
      code("}}", Kind.VARIABLE_END);
    } else {
      block();
    }
  }

  private void block() {
    Matcher raw = at(RAW_BEGIN);
    if (raw.lookingAt()) {
      position = raw.end();
      after(raw.group(1).isEmpty() ? ' ' : '-', false);
      raw();
      return;
    }
    add(Kind.BLOCK_BEGIN, "");
    code("%}", Kind.BLOCK_END);
  }

  /** A text before a tag, less what the tag takes of it. */
  private String before(String text, char sign, boolean stripsLine) {
    if (sign == '-') {
      return PythonText.rstrip(text);
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    boolean blank = text.substring(lineStart).codePoints().allMatch(PythonText::isSpace);
    boolean strips = stripsLine && sign != '+' && blank && (lineStart > 0 || lineStarts);
    return strips ? text.substring(0, lineStart) : text;
  }

  private void comment() {
    int end = source.indexOf("#}", position);
    if (end < 0) {
      throw new Failure("missing end of comment tag");
    }
    char sign = end > position ? source.charAt(end - 1) : ' ';
    position = end + 2;
    after(sign, true);
  }

  private void raw() {
    Matcher end = RAW_END.matcher(source);
    if (!end.find(position)) {
      throw new Failure("missing end of raw directive");
    }
    String sign = end.group(1);
    data(
        before(
            source.substring(position, end.start()), sign.isEmpty() ? ' ' : sign.charAt(0), true));
    position = end.end();
    String behind = end.group(2);
    after(behind.isEmpty() ? ' ' : behind.charAt(0), true);
  }

  /** Moves past what a tag's end takes of the text behind it. */
  private void after(char sign, boolean trims) {
    int end = position;
    if (sign == '-') {
      skipSpace();
    } else if (trims && sign != '+' && source.startsWith("\n", position)) {
      position++;
    }
    lineStarts = position > end && source.charAt(position - 1) == '\n';
  }

  private void skipSpace() {
    while (position < source.length() && PythonText.isSpace(source.codePointAt(position))) {
      position += Character.charCount(source.codePointAt(position));
    }
  }

  /** The tokens of one tag; within brackets its end is no end. */
  private void code(String end, Kind kind) {
    while (true) {
      skipSpace();
      if (position >= source.length()) {
        throw new Failure("unexpected end of template within a tag");
      }
      if (open.isEmpty() && ends(end, kind)) {
        return;
      }
      token();
    }
  }

  private boolean ends(String end, Kind kind) {
    char sign = source.charAt(position);
    boolean signed = sign == '-' || (sign == '+' && kind == Kind.BLOCK_END);
    int at = signed ? position + 1 : position;
    if (!source.startsWith(end, at)) {
      return false;
    }
    add(kind, "");
    position = at + 2;
    after(signed ? sign : ' ', kind == Kind.BLOCK_END);
    return true;
  }

  private void token() {
    if (take(FLOAT, Kind.FLOAT) || take(INTEGER, Kind.INTEGER) || take(NAME, Kind.NAME)) {
      return;
    }
    if ("'\"".indexOf(source.charAt(position)) >= 0) {
      string(source.charAt(position));
      return;
    }
    Matcher operator = at(OPERATOR);
    if (!operator.lookingAt()) {
      throw new Failure(
          "unexpected character "
              + PythonText.quoted(Character.toString(source.codePointAt(position))));
    }
    balance(operator.group());
    add(Kind.OPERATOR, operator.group());
    position = operator.end();
  }

  private void string(char quote) {
    int end = position + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw new Failure("a string has no end");
    }
    add(Kind.STRING, Literals.string(source.substring(position + 1, end)));
    position = end + 1;
  }

  private boolean take(Pattern pattern, Kind kind) {
    Matcher matcher = at(pattern);
    if (!matcher.lookingAt()) {
      return false;
    }
    if (kind == Kind.NAME
        && !Character.isUnicodeIdentifierStart(matcher.group().codePointAt(0))
        && !matcher.group().startsWith("_")) {
      throw new Failure("invalid name " + matcher.group());
    }
    add(kind, matcher.group());
    position = matcher.end();
    return true;
  }

  private void balance(String operator) {
    int opening = "([{".indexOf(operator);
    if (opening >= 0) {
      open.push(")]}".charAt(opening));
    } else if (")]}".contains(operator)) {
      if (open.isEmpty() || open.pop() != operator.charAt(0)) {
        throw new Failure("unexpected '" + operator + "'");
      }
    }
  }

  private Matcher at(Pattern pattern) {
    return pattern.matcher(source).region(position, source.length()).useTransparentBounds(true);
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      add(Kind.DATA, text);
    }
  }

  private void add(Kind kind, String text) {
    tokens.add(new Token(kind, text, line()));
  }

  private int line() {
    for (; counted < Math.min(position, source.length()); counted++) {
      if (source.charAt(counted) == '\n') {
        line++;
      }
    }
    return line;
  }
}

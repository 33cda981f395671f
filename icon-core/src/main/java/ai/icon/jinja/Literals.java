package ai.icon.jinja;

import java.math.BigInteger;
import java.util.Locale;

/** What the literals of a template say. */
@SuppressWarnings("StatementSwitchToExpressionSwitch")
final class Literals {
  private static final int MAX_DIGITS = 400;

  private Literals() {}

  /** The value of a string's inside, with Python's escapes. */
  static String string(String inside) {
    StringBuilder value = new StringBuilder(inside.length());
    int i = 0;
    while (i < inside.length()) {
      char c = inside.charAt(i);
      if (c != '\\') {
        value.append(c);
        i++;
      } else {
        i = escape(inside, i + 1, value);
      }
    }
    return value.toString();
  }

  /**
   * @param at the character behind the backslash; the lexer never ends a string with a backslash
   * @return where the escape ends
   */
  private static int escape(String inside, int at, StringBuilder value) {
    char c = inside.charAt(at);
    int simple = "\\'\"abfnrtv".indexOf(c);
    if (simple >= 0) {
      value.append("\\'\"\007\b\f\n\r\t\013".charAt(simple));
      return at + 1;
    }
    switch (c) {
      case '\n':
        return at + 1;
      case 'x':
        return hexadecimal(inside, at, 2, value);
      case 'u':
        return hexadecimal(inside, at, 4, value);
      case 'U':
        return hexadecimal(inside, at, 8, value);
      case 'N':
        return named(inside, at, value);
      default:
        return c >= '0' && c <= '7' ? octal(inside, at, value) : unknown(inside, at, value);
    }
  }

  private static int hexadecimal(String inside, int at, int digits, StringBuilder value) {
    int end = at + 1 + digits;
    if (end > inside.length() || !inside.substring(at + 1, end).matches("[0-9a-fA-F]+")) {
      throw new Failure("truncated \\" + inside.charAt(at) + " escape in a string");
    }
    long codePoint = Long.parseLong(inside.substring(at + 1, end), 16);
    if (codePoint > Character.MAX_CODE_POINT) {
      throw new Failure("illegal Unicode character in a string: " + inside.substring(at, end));
    }
    value.appendCodePoint((int) codePoint);
    return end;
  }

  private static int named(String inside, int at, StringBuilder value) {
    int end = inside.indexOf('}', at);
    try {
      if (inside.startsWith("{", at + 1) && end > 0) {
        value.appendCodePoint(Character.codePointOf(inside.substring(at + 2, end)));
        return end + 1;
      }
    } catch (IllegalArgumentException e) {
      throw new Failure("unknown Unicode character in a string: " + inside.substring(at, end + 1));
    }
    throw new Failure("malformed \\N escape in a string");
  }

  private static int octal(String inside, int at, StringBuilder value) {
    int end = at;
    int codePoint = 0;
    while (end < inside.length()
        && end < at + 3
        && inside.charAt(end) >= '0'
        && inside.charAt(end) <= '7') {
      codePoint = codePoint * 8 + inside.charAt(end) - '0';
      end++;
    }
    value.appendCodePoint(codePoint);
    return end;
  }

  /** Python keeps the backslash; jinja2 has written other than ASCII as an escape before. */
  private static int unknown(String inside, int at, StringBuilder value) {
    int c = inside.codePointAt(at);
    value.append('\\');
    value.append(c < 0x80 ? Character.toString(c) : PythonText.escaped(c).substring(1));
    return at + Character.charCount(c);
  }

  /** An integer with prefix and underscores. */
  static Value integer(String digits) {
    String plain = plain(digits).toLowerCase(Locale.ROOT);
    int radix = plain.startsWith("0x") ? 16 : plain.startsWith("0o") ? 8 : 2;
    return plain.matches("0[xob].*")
        ? new Whole(new BigInteger(plain.substring(2), radix))
        : new Whole(new BigInteger(plain));
  }

  static Value real(String digits) {
    return new Real(Double.parseDouble(plain(digits)));
  }

  /** Without underscores, of which each must stand between two digits or behind a prefix. */
  private static String plain(String digits) {
    if (digits.length() > MAX_DIGITS || digits.matches(".*(?:__|_$|_\\.|\\._).*")) {
      throw new Failure("invalid number " + digits.substring(0, Math.min(20, digits.length())));
    }
    return digits.replace("_", "");
  }
}

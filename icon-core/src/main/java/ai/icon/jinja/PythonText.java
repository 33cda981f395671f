package ai.icon.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Texts as Python's str treats them: by code points, with Python's idea of white space. */
final class PythonText {
  private PythonText() {}

  /** str.isspace() of one character: no-break spaces and U+0085 too. */
  static boolean isSpace(int codePoint) {
    return Character.isWhitespace(codePoint)
        || Character.isSpaceChar(codePoint)
        || codePoint == 0x85;
  }

  /** str.strip, lstrip or rstrip of the characters that the predicate takes. */
  static String strip(String text, IntPredicate stripped, boolean left, boolean right) {
    int start = 0;
    int end = text.length();
    while (left && start < end && stripped.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && stripped.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  static String rstrip(String text) {
    return strip(text, PythonText::isSpace, false, true);
  }

  /** len(). */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The order of code points, which is not that of UTF-16 units. */
  static int compare(String left, String right) {
    int[] a = left.codePoints().toArray();
    int[] b = right.codePoints().toArray();
    return Arrays.compare(a, b);
  }

  static String reversed(String text) {
    StringBuilder reversed = new StringBuilder(text.length());
    for (int i = text.length(); i > 0; i -= Character.charCount(text.codePointBefore(i))) {
      reversed.appendCodePoint(text.codePointBefore(i));
    }
    return reversed.toString();
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** str.capitalize(): the first character in title case, the others in lower case. */
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int rest = text.offsetByCodePoints(0, 1);
    return titleCase(text.codePointAt(0)) + lower(text.substring(rest));
  }

  /** str.title(): a letter behind anything but a letter begins a word. */
  static String title(String text) {
    StringBuilder titled = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      titled.append(inWord ? lower(Character.toString(c)) : titleCase(c));
      inWord = isCased(c);
    }
    return titled.toString();
  }

  static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  /** One character; where Unicode has no single one, the first of its upper case stays upper. */
  static String titleCase(int c) {
    String upper = upper(Character.toString(c));
    if (Character.toTitleCase(c) != c || PythonText.length(upper) == 1) {
      return Character.toString(Character.toTitleCase(c));
    }
    int rest = upper.offsetByCodePoints(0, 1);
    return upper.substring(0, rest) + lower(upper.substring(rest));
  }

  /** str.splitlines(), which knows more line ends than newline. */
  static List<String> lines(String text, boolean keepEnds) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (!isLineEnd(text.charAt(i))) {
        continue;
      }
      int end = i;
      if (text.charAt(i) == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
        i++;
      }
      lines.add(text.substring(start, keepEnds ? i + 1 : end));
      start = i + 1;
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  private static boolean isLineEnd(char c) {
    return (c >= '\n' && c <= '\r')
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** repr(): quoted, what cannot be printed escaped. */
  static String quoted(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder quoted = new StringBuilder(text.length() + 2).append(quote);
    text.codePoints().forEach(c -> quoted.append(quoted(c, quote)));
    return quoted.append(quote).toString();
  }

  private static String quoted(int c, char quote) {
    if (c == quote || c == '\\') {
      return "\\" + (char) c;
    }
    if (isPrintable(c)) {
      return Character.toString(c);
    }
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> escaped(c);
    };
  }

  /** An escape of two, four or eight hexadecimal digits. */
  static String escaped(int c) {
    return String.format(
        Locale.ROOT, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}

package ai.icon.prompt;

/** Texts as Python treats them, because chat templates are written for it. */
final class PythonText {
  private PythonText() {}

  /** The text without the white space at both ends: str.strip(), Jinja's trim. */
  static String strip(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** str.isspace(): no-break spaces and U+0085 too, which Java's strip() leaves. */
  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }
}

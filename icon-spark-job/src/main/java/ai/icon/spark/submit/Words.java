package ai.icon.spark.submit;

import java.util.ArrayList;
import java.util.List;

/** Options for a JVM in one text, as Spark's launcher takes them apart. */
final class Words {
  private Words() {}

  /** Splits at blanks outside of single and double quotes; a backslash takes the next as it is. */
  static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean isWord = false;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean ends = quote == 0 && Character.isWhitespace(c);
      if (ends && isWord) {
        words.add(word.toString());
        word.setLength(0);
      }
      if (ends) {
        isWord = false;
        continue;
      }
      isWord = true;
      if (c == '\\' && i + 1 < text.length() && quote != '\'') {
        word.append(text.charAt(++i));
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else {
        word.append(c);
      }
    }
    if (isWord) {
      words.add(word.toString());
    }
    return words;
  }
}

package ai.icon.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** str.split and its kin. */
final class TextSplits {
  private TextSplits() {}

  static Value split(String text, Arguments given) {
    Arguments.Bound bound = given.bind("split", "sep", "maxsplit");
    int most = bound.number(1, -1);
    Optional<String> separator = separator("split", bound);
    return texts(separator.map(by -> split(text, by, most)).orElseGet(() -> words(text, most)));
  }

  static Value rsplit(String text, Arguments given) {
    Arguments.Bound bound = given.bind("rsplit", "sep", "maxsplit");
    int most = bound.number(1, -1);
    return texts(
        separator("rsplit", bound)
            .map(by -> rsplit(text, by, most))
            .orElseGet(() -> rwords(text, most)));
  }

  static Value partition(String text, Arguments given) {
    String separator = separator("partition", given.bind("partition", "sep")).orElseThrow();
    int at = text.indexOf(separator);
    return at < 0 ? parts(text, "", "") : parts(text, at, separator);
  }

  static Value rpartition(String text, Arguments given) {
    String separator = separator("rpartition", given.bind("rpartition", "sep")).orElseThrow();
    int at = text.lastIndexOf(separator);
    return at < 0 ? parts("", "", text) : parts(text, at, separator);
  }

  private static Value parts(String text, int at, String separator) {
    return parts(text.substring(0, at), separator, text.substring(at + separator.length()));
  }

  private static Value parts(String before, String separator, String after) {
    return Items.tuple(List.of(new Text(before), new Text(separator), new Text(after)));
  }

  private static Optional<String> separator(String name, Arguments.Bound bound) {
    Optional<String> separator =
        name.endsWith("partition") ? Optional.of(bound.requireText(0)) : bound.text(0);
    if (separator.equals(Optional.of(""))) {
      throw new Failure(name + " needs a separator that is not empty");
    }
    return separator;
  }

  private static List<String> split(String text, String separator, int most) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    int at = text.indexOf(separator);
    while (at >= 0 && (most < 0 || parts.size() < most)) {
      parts.add(text.substring(start, at));
      start = at + separator.length();
      at = text.indexOf(separator, start);
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static List<String> rsplit(String text, String separator, int most) {
    List<String> parts = new ArrayList<>();
    int end = text.length();
    int at = text.lastIndexOf(separator);
    while (at >= 0 && (most < 0 || parts.size() < most)) {
      parts.add(text.substring(at + separator.length(), end));
      end = at;
      at = end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length());
    }
    parts.add(text.substring(0, end));
    Collections.reverse(parts);
    return parts;
  }

  /** Cut at white space; what is left after the last cut keeps the space at its end. */
  private static List<String> words(String text, int most) {
    List<String> words = new ArrayList<>();
    int start = over(text, 0, true);
    while (start < text.length()) {
      if (most >= 0 && words.size() >= most) {
        words.add(text.substring(start));
        return words;
      }
      int end = over(text, start, false);
      words.add(text.substring(start, end));
      start = over(text, end, true);
    }
    return words;
  }

  private static List<String> rwords(String text, int most) {
    List<String> words = new ArrayList<>();
    int end = back(text, text.length(), true);
    while (end > 0) {
      if (most >= 0 && words.size() >= most) {
        words.add(text.substring(0, end));
        break;
      }
      int start = back(text, end, false);
      words.add(text.substring(start, end));
      end = back(text, start, true);
    }
    Collections.reverse(words);
    return words;
  }

  /** Where white space, or what is none, ends. */
  private static int over(String text, int from, boolean space) {
    int at = from;
    while (at < text.length() && PythonText.isSpace(text.codePointAt(at)) == space) {
      at += Character.charCount(text.codePointAt(at));
    }
    return at;
  }

  private static int back(String text, int from, boolean space) {
    int at = from;
    while (at > 0 && PythonText.isSpace(text.codePointBefore(at)) == space) {
      at -= Character.charCount(text.codePointBefore(at));
    }
    return at;
  }

  private static Value texts(List<String> parts) {
    return Items.list(parts.stream().map(Text::new).toList());
  }
}

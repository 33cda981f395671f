package ai.icon.jinja;

import java.util.Optional;

/** str.find and its kin; places are counted in code points. */
final class TextSearch {
  /**
   * A piece of a text.
   *
   * @param text the piece
   * @param start where it begins, in code points
   */
  record Window(String text, int start) {}

  private TextSearch() {}

  static Value find(String name, String text, Arguments given) {
    Arguments.Bound bound = given.bind(name, "sub", "start", "end");
    String part = bound.requireText(0);
    return Whole.of(
        window(text, bound).map(window -> place(window, part, name.startsWith("r"))).orElse(-1));
  }

  private static int place(Window window, String part, boolean last) {
    int at = last ? window.text().lastIndexOf(part) : window.text().indexOf(part);
    return at < 0 ? -1 : window.start() + window.text().codePointCount(0, at);
  }

  static Value index(String name, String text, Arguments given) {
    Value place = find(name, text, given);
    if (place.equals(Whole.of(-1))) {
      throw new Failure(name + ": the text that is looked for is not there");
    }
    return place;
  }

  static Value count(String text, Arguments given) {
    Arguments.Bound bound = given.bind("count", "sub", "start", "end");
    String part = bound.requireText(0);
    return Whole.of(window(text, bound).map(window -> count(window.text(), part)).orElse(0));
  }

  private static int count(String text, String part) {
    if (part.isEmpty()) {
      return PythonText.length(text) + 1;
    }
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  /** What parameters 1 and 2, start and end, leave of a text; nothing where start lies behind. */
  static Optional<Window> window(String text, Arguments.Bound bound) {
    if (bound.find(1).isEmpty() && bound.find(2).isEmpty()) {
      return Optional.of(new Window(text, 0));
    }
    int length = PythonText.length(text);
    int start = place(bound, 1, 0, length);
    int end = Math.min(length, place(bound, 2, length, length));
    if (start > end) {
      return Optional.empty();
    }
    String piece =
        text.substring(text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, end));
    return Optional.of(new Window(piece, start));
  }

  private static int place(Arguments.Bound bound, int index, int otherwise, int length) {
    if (bound.or(index, Nothing.NONE) == Nothing.NONE) {
      return otherwise;
    }
    int place = bound.number(index, otherwise);
    return place < 0 ? Math.max(0, place + length) : place;
  }
}

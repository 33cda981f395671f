package ai.icon.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters of texts; other values are printed first, None as "None". */
final class TextFilters {
  private static final Pattern WORD_START =
      Pattern.compile("[-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern WORD = Pattern.compile("\\w++", Pattern.UNICODE_CHARACTER_CLASS);

  static final Map<String, Filters.Filter> FILTERS =
      Map.ofEntries(
          Map.entry(
              "trim", (rendering, value, given) -> trim(searched(rendering, value, given), given)),
          Map.entry(
              "upper",
              (r, value, given) -> changed("upper", PythonText.upper(value.text()), given)),
          Map.entry(
              "lower",
              (r, value, given) -> changed("lower", PythonText.lower(value.text()), given)),
          Map.entry(
              "capitalize",
              (r, value, given) ->
                  changed("capitalize", PythonText.capitalize(value.text()), given)),
          Map.entry("title", (r, value, given) -> changed("title", title(value.text()), given)),
          Map.entry("string", (r, value, given) -> changed("string", value.text(), given)),
          Map.entry("safe", (r, value, given) -> changed("safe", value.text(), given)),
          Map.entry("replace", (r, value, given) -> replace(searched(r, value, given), given)),
          Map.entry("indent", (r, value, given) -> indent(value, given)),
          Map.entry("center", (r, value, given) -> center(value, given)),
          Map.entry("truncate", (r, value, given) -> truncate(value, given)),
          Map.entry("wordcount", (r, value, given) -> wordcount(value, given)),
          Map.entry("format", (r, value, given) -> format(value, given)));

  private TextFilters() {}

  private static Value changed(String name, String changed, Arguments given) {
    given.none(name);
    return new Text(changed);
  }

  private static Value searched(Rendering rendering, Value value, Arguments given) {
    rendering.search(value.weight(), given.heaviest());
    return value;
  }

  private static Value trim(Value value, Arguments given) {
    Optional<String> chars = given.bind("trim", "chars").text(0);
    return new Text(TextMethods.strip(value.text(), chars, true, true));
  }

  /** Words begin behind white space, hyphens and opening brackets. */
  private static String title(String text) {
    StringBuilder titled = new StringBuilder(text.length());
    Matcher gap = WORD_START.matcher(text);
    int start = 0;
    while (gap.find()) {
      titled.append(word(text.substring(start, gap.start()))).append(gap.group());
      start = gap.end();
    }
    return titled.append(word(text.substring(start))).toString();
  }

  private static String word(String word) {
    if (word.isEmpty()) {
      return word;
    }
    int rest = word.offsetByCodePoints(0, 1);
    return PythonText.upper(word.substring(0, rest)) + PythonText.lower(word.substring(rest));
  }

  private static Value replace(Value value, Arguments given) {
    Arguments.Bound bound = given.bind("replace", "old", "new", "count");
    int count = bound.or(2, Nothing.NONE) == Nothing.NONE ? -1 : bound.number(2, -1);
    return TextMethods.replace(
        value.text(), bound.require(0).text(), bound.require(1).text(), count);
  }

  private static Value indent(Value value, Arguments given) {
    Arguments.Bound bound = given.bind("indent", "width", "first", "blank");
    String by =
        bound.or(0, Nothing.NONE) instanceof Text text
            ? text.text()
            : TextMethods.repeat(" ", bound.number(0, 4));
    String text = ((Text) Arithmetic.apply("+", value, new Text("\n"))).text();
    List<String> lines = new ArrayList<>(PythonText.lines(text, false));
    for (int i = 0; i < lines.size(); i++) {
      boolean indents = i == 0 ? bound.truth(1) : bound.truth(2) || !lines.get(i).isEmpty();
      lines.set(i, indents ? by + lines.get(i) : lines.get(i));
    }
    return TextMethods.join("\n", lines);
  }

  private static Value center(Value value, Arguments given) {
    int width = given.bind("center", "width").number(0, 80);
    String text = value.text();
    int missing = Math.max(0, width - PythonText.length(text));
    return new Text(TextMethods.pad(text, " ", missing, width, 1));
  }

  private static Value truncate(Value value, Arguments given) {
    Arguments.Bound bound = given.bind("truncate", "length", "killwords", "end", "leeway");
    int length = bound.number(0, 255);
    String end = bound.text(2).orElse("...");
    int leeway = bound.or(3, Nothing.NONE) == Nothing.NONE ? 5 : bound.number(3, 5);
    int kept = length - PythonText.length(end);
    if (kept < 0 || leeway < 0 || !(value instanceof Text text)) {
      throw new Failure(
          "truncate needs a text, a length of at least that of its end, and no negative leeway");
    }
    if (text.size() <= (long) length + leeway) {
      return value;
    }
    String cut = text.text().substring(0, text.text().offsetByCodePoints(0, kept));
    int space = bound.truth(1) ? -1 : cut.lastIndexOf(' ');
    return new Text((space < 0 ? cut : cut.substring(0, space)) + end);
  }

  private static Value wordcount(Value value, Arguments given) {
    given.none("wordcount");
    return Whole.of(WORD.matcher(value.text()).results().count());
  }

  private static Value format(Value value, Arguments given) {
    if (!given.named().isEmpty()) {
      throw new Failure("the filter format is not supported with names");
    }
    return Formats.format(value.text(), Items.tuple(given.positional()));
  }
}

package ai.icon.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;

/** The methods of str that templates use. */
final class TextMethods {
  /** What Python has besides; a call of one is refused by name. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "encode",
          "expandtabs",
          "format",
          "format_map",
          "isascii",
          "isidentifier",
          "isprintable",
          "istitle",
          "maketrans",
          "translate");

  /** Those that look for one text, or for its characters, all over another. */
  private static final Set<String> SEARCHES =
      Set.of(
          "str.strip",
          "str.lstrip",
          "str.rstrip",
          "str.split",
          "str.rsplit",
          "str.partition",
          "str.rpartition",
          "str.replace",
          "str.find",
          "str.rfind",
          "str.index",
          "str.rindex",
          "str.count");

  private static final Map<String, BiFunction<String, Arguments, Value>> METHODS =
      Map.ofEntries(
          Map.entry("strip", (text, given) -> strip("strip", text, given, true, true)),
          Map.entry("lstrip", (text, given) -> strip("lstrip", text, given, true, false)),
          Map.entry("rstrip", (text, given) -> strip("rstrip", text, given, false, true)),
          Map.entry("split", (text, given) -> TextSplits.split(text, given)),
          Map.entry("rsplit", (text, given) -> TextSplits.rsplit(text, given)),
          Map.entry("splitlines", (text, given) -> splitlines(text, given)),
          Map.entry("partition", (text, given) -> TextSplits.partition(text, given)),
          Map.entry("rpartition", (text, given) -> TextSplits.rpartition(text, given)),
          Map.entry("startswith", (text, given) -> affix("startswith", text, given)),
          Map.entry("endswith", (text, given) -> affix("endswith", text, given)),
          Map.entry("removeprefix", (text, given) -> removeprefix(text, given)),
          Map.entry("removesuffix", (text, given) -> removesuffix(text, given)),
          Map.entry("replace", (text, given) -> replace(text, given)),
          Map.entry("upper", (text, given) -> changed("upper", PythonText.upper(text), given)),
          Map.entry("lower", (text, given) -> changed("lower", PythonText.lower(text), given)),
          Map.entry("casefold", (text, given) -> changed("casefold", folded(text), given)),
          Map.entry("title", (text, given) -> changed("title", PythonText.title(text), given)),
          Map.entry(
              "capitalize",
              (text, given) -> changed("capitalize", PythonText.capitalize(text), given)),
          Map.entry("swapcase", (text, given) -> changed("swapcase", swapped(text), given)),
          Map.entry("join", (text, given) -> join(text, given)),
          Map.entry("find", (text, given) -> TextSearch.find("find", text, given)),
          Map.entry("rfind", (text, given) -> TextSearch.find("rfind", text, given)),
          Map.entry("index", (text, given) -> TextSearch.index("index", text, given)),
          Map.entry("rindex", (text, given) -> TextSearch.index("rindex", text, given)),
          Map.entry("count", (text, given) -> TextSearch.count(text, given)),
          Map.entry("zfill", (text, given) -> zfill(text, given)),
          Map.entry("ljust", (text, given) -> pad("ljust", text, given, 0)),
          Map.entry("rjust", (text, given) -> pad("rjust", text, given, 2)),
          Map.entry("center", (text, given) -> pad("center", text, given, 1)),
          Map.entry("isspace", (text, given) -> all("isspace", text, given, PythonText::isSpace)),
          Map.entry("isalpha", (text, given) -> all("isalpha", text, given, Character::isLetter)),
          Map.entry("isalnum", (text, given) -> all("isalnum", text, given, TextMethods::isAlnum)),
          Map.entry("isdigit", (text, given) -> all("isdigit", text, given, TextMethods::isDigit)),
          Map.entry(
              "isdecimal", (text, given) -> all("isdecimal", text, given, Character::isDigit)),
          Map.entry(
              "isnumeric", (text, given) -> all("isnumeric", text, given, TextMethods::isNumeric)),
          Map.entry("isupper", (text, given) -> Truth.of(isCase("isupper", text, given))),
          Map.entry("islower", (text, given) -> Truth.of(isCase("islower", text, given))));

  private TextMethods() {}

  static Optional<Value> method(Text text, String name) {
    BiFunction<String, Arguments, Value> method = METHODS.get(name);
    if (method != null) {
      return Optional.of(
          new Function(
              "str." + name, text.weight(), arguments -> method.apply(text.text(), arguments)));
    }
    return UNSUPPORTED.contains(name)
        ? Optional.of(Function.unsupported("str." + name))
        : CollectionMethods.internal(text, name);
  }

  /** Whether a method's work grows with its text times what it is given. */
  static boolean isSearch(Function method) {
    return SEARCHES.contains(method.name());
  }

  private static Value changed(String name, String changed, Arguments given) {
    given.none(name);
    return new Text(changed);
  }

  private static Value strip(
      String name, String text, Arguments given, boolean left, boolean right) {
    return new Text(strip(text, given.bind(name, "chars").text(0), left, right));
  }

  /** Strips white space, or the characters that are given. */
  static String strip(String text, Optional<String> chars, boolean left, boolean right) {
    IntPredicate stripped =
        chars.<IntPredicate>map(set -> c -> set.indexOf(c) >= 0).orElse(PythonText::isSpace);
    return PythonText.strip(text, stripped, left, right);
  }

  private static Value splitlines(String text, Arguments given) {
    boolean keepEnds = given.bind("splitlines", "keepends").truth(0);
    return Items.list(PythonText.lines(text, keepEnds).stream().map(Text::new).toList());
  }

  private static Value affix(String name, String text, Arguments given) {
    Arguments.Bound bound = given.bind(name, "affix", "start", "end");
    Value affix = bound.require(0);
    Optional<TextSearch.Window> window = TextSearch.window(text, bound);
    List<Value> any =
        affix instanceof Items items && items.isTuple() ? items.members() : List.of(affix);
    boolean found = false;
    for (Value one : any) {
      if (!(one instanceof Text part)) {
        throw new Failure(
            name + " needs a text or a tuple of texts, got one of type " + one.type());
      }
      found |= window.isPresent() && has(name, window.get().text(), part.text());
    }
    return Truth.of(found);
  }

  private static boolean has(String name, String text, String part) {
    return name.equals("startswith") ? text.startsWith(part) : text.endsWith(part);
  }

  private static Value removeprefix(String text, Arguments given) {
    String prefix = given.bind("removeprefix", "prefix").requireText(0);
    return new Text(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
  }

  private static Value removesuffix(String text, Arguments given) {
    String suffix = given.bind("removesuffix", "suffix").requireText(0);
    boolean ends = text.endsWith(suffix);
    return new Text(ends ? text.substring(0, text.length() - suffix.length()) : text);
  }

  private static Value replace(String text, Arguments given) {
    Arguments.Bound bound = given.bind("replace", "old", "new", "count");
    return replace(text, bound.requireText(0), bound.requireText(1), bound.number(2, -1));
  }

  /** str.replace; an empty text to be replaced stands before every character and at the end. */
  static Value replace(String text, String old, String replacement, int count) {
    long most = count < 0 ? Long.MAX_VALUE : count;
    StringBuilder replaced = new StringBuilder();
    int start = 0;
    int at = text.indexOf(old);
    for (long done = 0; at >= 0 && done < most; done++) {
      replaced.append(text, start, at).append(replacement);
      start = at + old.length();
      if (replaced.length() > Text.MAX_LENGTH) {
        throw Text.tooLong();
      }
      if (old.isEmpty() && start == text.length()) {
        break;
      }
      at = text.indexOf(old, old.isEmpty() ? text.offsetByCodePoints(start, 1) : start);
    }
    return new Text(replaced.append(text, start, text.length()).toString());
  }

  private static String folded(String text) {
    return PythonText.lower(text.replace("ß", "ss"));
  }

  private static String swapped(String text) {
    StringBuilder swapped = new StringBuilder(text.length());
    text.codePoints()
        .mapToObj(Character::toString)
        .forEach(
            c ->
                swapped.append(
                    Character.isUpperCase(c.codePointAt(0))
                        ? PythonText.lower(c)
                        : Character.isLowerCase(c.codePointAt(0)) ? PythonText.upper(c) : c));
    return swapped.toString();
  }

  private static Value join(String separator, Arguments given) {
    List<String> parts = new ArrayList<>();
    for (Iterator<Value> i = given.bind("join", "parts").require(0).iterator(); i.hasNext(); ) {
      Value part = i.next();
      if (!(part instanceof Text text)) {
        throw new Failure("join needs texts, got one of type " + part.type());
      }
      parts.add(text.text());
    }
    return join(separator, parts);
  }

  /** The parts with the separator between, checked for its length before it is made. */
  static Value join(String separator, List<String> parts) {
    long length = (long) separator.length() * Math.max(0, parts.size() - 1);
    for (String part : parts) {
      length += part.length();
    }
    if (length > Text.MAX_LENGTH) {
      throw Text.tooLong();
    }
    return new Text(String.join(separator, parts));
  }

  private static Value zfill(String text, Arguments given) {
    int width = given.bind("zfill", "width").number(0, 0);
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String zeros = repeat("0", width - PythonText.length(text));
    return new Text(signed ? text.charAt(0) + zeros + text.substring(1) : zeros + text);
  }

  private static Value pad(String name, String text, Arguments given, int side) {
    Arguments.Bound bound = given.bind(name, "width", "fillchar");
    bound.require(0);
    String fill = bound.text(1).orElse(" ");
    if (PythonText.length(fill) != 1) {
      throw new Failure(name + " needs one character to fill with, got " + fill);
    }
    int width = bound.number(0, 0);
    int missing = Math.max(0, width - PythonText.length(text));
    return new Text(pad(text, fill, missing, width, side));
  }

  /** side: 0 = text at the left, 1 = in the middle as Python's center has it, 2 = at the right. */
  static String pad(String text, String fill, int missing, int width, int side) {
    int left = side == 0 ? 0 : side == 2 ? missing : missing / 2 + (missing & width & 1);
    return repeat(fill, left) + text + repeat(fill, missing - left);
  }

  /** A text several times, not at all where that is negative. */
  static String repeat(String text, long times) {
    if (times > 0 && text.length() * (double) times > Text.MAX_LENGTH) {
      throw Text.tooLong();
    }
    return text.repeat((int) Math.max(0, text.isEmpty() ? 0 : times));
  }

  private static Value all(String name, String text, Arguments given, IntPredicate each) {
    given.none(name);
    return Truth.of(!text.isEmpty() && text.codePoints().allMatch(each));
  }

  private static boolean isAlnum(int c) {
    return Character.isLetter(c) || isNumeric(c);
  }

  private static boolean isNumeric(int c) {
    int type = Character.getType(c);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  /** Decimal digits and those of super- and subscripts. */
  private static boolean isDigit(int c) {
    return Character.isDigit(c)
        || c == 0xb2
        || c == 0xb3
        || c == 0xb9
        || c == 0x2070
        || (c >= 0x2074 && c <= 0x2079)
        || (c >= 0x2080 && c <= 0x2089);
  }

  private static boolean isCase(String name, String text, Arguments given) {
    given.none(name);
    return isCase(text, name.equals("isupper"));
  }

  /** Whether there are letters with a case and all of them have this one. */
  static boolean isCase(String text, boolean upper) {
    return text.codePoints().anyMatch(PythonText::isCased)
        && text.codePoints()
            .filter(PythonText::isCased)
            .allMatch(c -> upper ? Character.isUpperCase(c) : Character.isLowerCase(c));
  }
}

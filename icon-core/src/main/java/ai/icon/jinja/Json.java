package ai.icon.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The filter tojson as Transformers sets it up: Python's json.dumps with its separators, other than
 * ASCII as it is, HTML not escaped.
 */
final class Json {
  private final boolean ascii;
  private final boolean sorted;
  private final Optional<String> indent;
  private final String between;
  private final String colon;
  private final StringBuilder json = new StringBuilder();

  private Json(Arguments.Bound bound) {
    this.ascii = bound.truth(0);
    this.indent = indent(bound);
    List<Value> separators =
        bound.or(2, Nothing.NONE) == Nothing.NONE
            ? List.of(new Text(indent.isPresent() ? "," : ", "), new Text(": "))
            : Items.listOf(bound.require(2).iterator()).members();
    if (separators.size() != 2) {
      throw new Failure("tojson needs two separators, got " + separators.size());
    }
    this.between = separators.get(0).text();
    this.colon = separators.get(1).text();
    this.sorted = bound.truth(3);
  }

  static Value of(Value value, Arguments arguments) {
    Json json =
        new Json(arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys"));
    json.write(value, 0);
    return new Text(json.json.toString());
  }

  private static Optional<String> indent(Arguments.Bound bound) {
    Value indent = bound.or(1, Nothing.NONE);
    if (indent == Nothing.NONE) {
      return Optional.empty();
    }
    return indent instanceof Text text
        ? Optional.of(text.text())
        : Optional.of(TextMethods.repeat(" ", bound.number(1, 0)));
  }

  private void write(Value value, int level) {
    if (json.length() > Text.MAX_LENGTH) {
      throw Text.tooLong();
    }
    if (value instanceof Text text) {
      quote(text.text());
    } else if (value == Nothing.NONE) {
      json.append("null");
    } else if (value instanceof Numeric number) {
      json.append(number(number));
    } else if (value instanceof Items items) {
      list(items.iterator(), level);
    } else if (value instanceof Mapping mapping) {
      object(mapping, level);
    } else {
      throw new Failure("a value of type " + value.type() + " has no JSON");
    }
  }

  private static String number(Numeric number) {
    if (number instanceof Truth truth) {
      return truth.truth() ? "true" : "false";
    }
    if (number instanceof Real real && Double.isNaN(real.real())) {
      return "NaN";
    }
    if (number instanceof Real real && Double.isInfinite(real.real())) {
      return real.real() > 0 ? "Infinity" : "-Infinity";
    }
    return number.repr();
  }

  private void list(Iterator<Value> members, int level) {
    if (!members.hasNext()) {
      json.append("[]");
      return;
    }
    json.append('[');
    while (members.hasNext()) {
      line(level + 1);
      write(members.next(), level + 1);
      json.append(members.hasNext() ? between : "");
    }
    line(level);
    json.append(']');
  }

  private void object(Mapping mapping, int level) {
    if (!mapping.truth()) {
      json.append("{}");
      return;
    }
    List<Map.Entry<Value, Value>> entries = new ArrayList<>(mapping.entries().entrySet());
    if (sorted) {
      entries.sort((left, right) -> Comparison.compare(left.getKey(), right.getKey()));
    }
    json.append('{');
    for (Iterator<Map.Entry<Value, Value>> i = entries.iterator(); i.hasNext(); ) {
      Map.Entry<Value, Value> entry = i.next();
      line(level + 1);
      quote(key(entry.getKey()));
      json.append(colon);
      write(entry.getValue(), level + 1);
      json.append(i.hasNext() ? between : "");
    }
    line(level);
    json.append('}');
  }

  private static String key(Value key) {
    if (key instanceof Text text) {
      return text.text();
    }
    if (key == Nothing.NONE) {
      return "null";
    }
    if (key instanceof Numeric number) {
      return number(number);
    }
    throw new Failure("a key of type " + key.type() + " has no JSON");
  }

  private void line(int level) {
    indent.ifPresent(by -> json.append('\n').append(TextMethods.repeat(by, level)));
  }

  private void quote(String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      json.append(escaped(text.charAt(i)));
    }
    json.append('"');
  }

  private String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      default ->
          c < ' ' || (ascii && c > '~')
              ? String.format(Locale.ROOT, "\\u%04x", (int) c)
              : String.valueOf(c);
    };
  }
}

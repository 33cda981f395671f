package ai.icon.jinja;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Jinja template, read once and rendered any number of times, as jinja2 3.1 does in the
 * environment that Transformers makes for chat templates: an immutable sandbox with trim_blocks and
 * lstrip_blocks, break and continue, the generation tag, {@code tojson}, {@code raise_exception}
 * and {@code strftime_now} ({@code transformers/utils/chat_template_utils.py}).
 *
 * <p>A variable is data, whatever its text looks like. There is no clock, file, class or other
 * template that a template can reach. Work, output and nesting are bounded, by the size of the
 * variables: a template that does not end fails. Immutable; safe for use by several threads.
 */
public final class JinjaTemplate {
  private final String name;
  private final Body body;
  private final Frames frames;
  private final LocalDateTime now;

  private JinjaTemplate(String name, Body body, LocalDateTime now) {
    this.name = name;
    this.body = body;
    this.frames = Frames.of(body);
    this.now = now;
  }

  /**
   * Reads a template.
   *
   * @param name for messages: where the template comes from
   * @param text Jinja, at most a million characters
   * @param now what {@code strftime_now} tells, in no time zone
   * @throws TemplateException if the text is no template, or uses a tag that is not supported; a
   *     filter, test or method is looked up when it is used
   */
  public static JinjaTemplate of(String name, String text, LocalDateTime now) {
    return new JinjaTemplate(
        requireNonNull(name, "name"), Parser.parse(name, text), requireNonNull(now, "now"));
  }

  /**
   * Renders the template.
   *
   * @param variables by name: String, Boolean, Integer, Long, BigInteger, Double, List, Map with
   *     keys of these, or null for None
   * @throws TemplateException if the template fails, refuses by {@code raise_exception}, uses what
   *     is not supported or exceeds a bound
   * @throws IllegalArgumentException if a variable is of another type
   */
  public String render(Map<String, ?> variables) {
    Map<String, Value> values = new LinkedHashMap<>();
    variables.forEach((key, value) -> values.put(key, value(value)));
    Rendering rendering = new Rendering(frames, values, now);
    try {
      body.execute(Scope.outermost(rendering, body));
      return rendering.printed();
    } catch (Failure e) {
      throw new TemplateException(name, rendering.line(), e);
    } catch (StackOverflowError e) { // a thread with a small stack, before a bound is met
      throw new TemplateException(name, rendering.line(), Failure.tooDeep());
    }
  }

  private static Value value(Object object) {
    if (object == null) {
      return Nothing.NONE;
    }
    if (object instanceof String text) {
      return new Text(text);
    }
    if (object instanceof Boolean truth) {
      return Truth.of(truth);
    }
    if (object instanceof Integer || object instanceof Long) {
      return Whole.of(((Number) object).longValue());
    }
    if (object instanceof BigInteger whole) {
      return new Whole(whole);
    }
    if (object instanceof Double real) {
      return new Real(real);
    }
    if (object instanceof List<?> list) {
      List<Value> members = new ArrayList<>();
      list.forEach(member -> members.add(value(member)));
      return Items.list(members);
    }
    if (object instanceof Map<?, ?> map) {
      Map<Value, Value> entries = new LinkedHashMap<>();
      map.forEach((key, entry) -> entries.put(value(key), value(entry)));
      return new Mapping(entries);
    }
    throw new IllegalArgumentException(
        "Invalid variable: there is no such value in Jinja: " + object.getClass().getName());
  }
}

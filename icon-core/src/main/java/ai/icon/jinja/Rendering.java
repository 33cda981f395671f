package ai.icon.jinja;

import java.time.LocalDateTime;
import java.util.Map;
import java.util.Optional;

/**
 * One rendering: its variables, what it has printed, and how much it may still do. The bounds grow
 * with the variables, so that a long conversation is rendered and a hostile template ends.
 */
final class Rendering {
  /** Expressions, statements and macros within each other. */
  static final int MAX_DEPTH = 500;

  private static final long MIN_WORK = 1L << 21;
  private static final long MIN_CHARACTERS = 1L << 24;
  private static final int WORK_PER_CHARACTER = 16;
  private static final int CHARACTERS_PER_CHARACTER = 64;
  static final int CHARACTERS_PER_STEP = 64;

  /** What is no longer than this is as good as found at one look. */
  private static final int SHORT = 64;

  private static final int COMPARISONS_PER_STEP = 1_024;

  private final Frames frames;
  private final Map<String, Value> variables;
  private final LocalDateTime now;
  private final long maxWork;
  private final long maxCharacters;
  private StringBuilder printed = new StringBuilder();
  private long work;
  private long characters;
  private int depth;
  private int line = 1;

  Rendering(Frames frames, Map<String, Value> variables, LocalDateTime now) {
    this.frames = frames;
    this.variables = variables;
    this.now = now;
    long given = variables.values().stream().mapToLong(Value::weight).sum();
    this.maxWork = MIN_WORK + WORK_PER_CHARACTER * given;
    this.maxCharacters = MIN_CHARACTERS + CHARACTERS_PER_CHARACTER * given;
  }

  Frames frames() {
    return frames;
  }

  /** The variable of that name, else the function that every template has. */
  Optional<Value> variable(String name) {
    Value variable = variables.get(name);
    return variable == null ? Globals.find(name, now) : Optional.of(variable);
  }

  int line() {
    return line;
  }

  void at(int newLine) {
    line = newLine;
  }

  void print(String text) {
    if (printed.length() + (long) text.length() > Text.MAX_LENGTH) {
      throw Text.tooLong();
    }
    spend(text.length());
    printed.append(text);
  }

  String printed() {
    return printed.toString();
  }

  /** What the work prints, which is not printed. */
  String capture(Runnable work) {
    StringBuilder outer = printed;
    printed = new StringBuilder();
    work.run();
    String captured = printed.toString();
    printed = outer;
    return captured;
  }

  /** Counts a step into an expression, statement or macro. */
  void enter() {
    work(1);
    if (++depth > MAX_DEPTH) {
      throw new Failure(
          "more than " + MAX_DEPTH + " expressions, loops or macros lie in each other");
    }
  }

  void leave() {
    depth--;
  }

  /** Counts an operation on a value, by the value's weight. */
  void work(Value value) {
    work(1 + value.weight() / CHARACTERS_PER_STEP);
  }

  /** Counts what a comparison takes if it looks for one text in another. */
  void contains(String operator, Value part, Value text) {
    if (operator.endsWith("in") && part instanceof Text && text instanceof Text) {
      search(text.weight(), part.weight());
    }
  }

  /** Counts a search in a text, which may compare each character with each of the part. */
  void search(long text, long part) {
    if (part > SHORT) {
      work(text * part / COMPARISONS_PER_STEP);
    }
  }

  /** Counts steps. */
  void work(long steps) {
    work += steps;
    if (work > maxWork) {
      throw new Failure("more than " + maxWork + " steps were taken; does a loop not end?");
    }
  }

  /** Counts a value that was made. */
  void made(Value value) {
    spend(value.cost());
  }

  /** Refuses what would go beyond the bound, before it is made. */
  void requireRoom(double toMake) {
    if (toMake > maxCharacters - characters) {
      throw tooMuch();
    }
  }

  private void spend(long made) {
    characters += made;
    if (characters > maxCharacters) {
      throw tooMuch();
    }
  }

  private Failure tooMuch() {
    return new Failure("texts and lists of more than " + maxCharacters + " characters were made");
  }
}

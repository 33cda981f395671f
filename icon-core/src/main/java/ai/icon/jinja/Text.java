package ai.icon.jinja;

import java.util.Iterator;
import java.util.Optional;
import java.util.PrimitiveIterator;

/** A str: a sequence of code points. */
record Text(String text) implements Value {
  /** The longest text that a template may make, in UTF-16 units. */
  static final int MAX_LENGTH = 1 << 26;

  static final Text EMPTY = new Text("");

  Text {
    if (text.length() > MAX_LENGTH) {
      throw tooLong();
    }
  }

  static Failure tooLong() {
    return new Failure("a text has more than " + MAX_LENGTH + " characters");
  }

  /** One character. */
  static Text of(int codePoint) {
    return new Text(Character.toString(codePoint));
  }

  @Override
  public String type() {
    return "str";
  }

  @Override
  public String repr() {
    return PythonText.quoted(text);
  }

  @Override
  public boolean truth() {
    return !text.isEmpty();
  }

  @Override
  public Optional<Value> attribute(String name) {
    return TextMethods.method(this, name);
  }

  @Override
  public Optional<Value> item(Value key) {
    if (!(key instanceof Numeric number) || !number.isWhole()) {
      return Optional.empty();
    }
    return Slice.index(number, size())
        .map(index -> of(text.codePointAt(text.offsetByCodePoints(0, index))));
  }

  @Override
  public Value slice(Slice slice) {
    int[] codePoints = text.codePoints().toArray();
    StringBuilder cut = new StringBuilder();
    slice.indices(codePoints.length).forEach(i -> cut.appendCodePoint(codePoints[i]));
    return new Text(cut.toString());
  }

  @Override
  public boolean isIterable() {
    return true;
  }

  @Override
  public Iterator<Value> iterator() {
    PrimitiveIterator.OfInt codePoints = text.codePoints().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return codePoints.hasNext();
      }

      @Override
      public Value next() {
        return of(codePoints.nextInt());
      }
    };
  }

  @Override
  public Iterator<Value> reversed() {
    return new Text(PythonText.reversed(text)).iterator();
  }

  @Override
  public boolean isSized() {
    return true;
  }

  @Override
  public int size() {
    return PythonText.length(text);
  }

  @Override
  public boolean contains(Value member) {
    if (member instanceof Text part) {
      return text.contains(part.text());
    }
    throw new Failure("'in <string>' needs a text on its left, got one of type " + member.type());
  }

  @Override
  public long weight() {
    return 1L + text.length();
  }

  @Override
  public int cost() {
    return 1 + text.length();
  }
}

package ai.icon.jinja;

import java.util.Iterator;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A range.
 *
 * @param start the first number
 * @param stop where it ends, exclusive
 * @param step never 0
 */
record Span(int start, int stop, int step) implements Value {
  /** As many numbers as jinja2's sandbox allows. */
  static final int MAX_SIZE = 100_000;

  Span {
    if (step == 0) {
      throw new Failure("the step of a range cannot be zero");
    }
    if (size(start, stop, step) > MAX_SIZE) {
      throw new Failure("a range has more than " + MAX_SIZE + " numbers");
    }
  }

  private static long size(long start, long stop, long step) {
    long length = step > 0 ? stop - start : start - stop;
    return Math.max(0, (length + Math.abs(step) - 1) / Math.abs(step));
  }

  private Value at(int index) {
    return Whole.of((long) start + (long) index * step);
  }

  @Override
  public String type() {
    return "range";
  }

  @Override
  public String repr() {
    return "range(" + start + ", " + stop + (step == 1 ? ")" : ", " + step + ")");
  }

  @Override
  public boolean truth() {
    return size() > 0;
  }

  @Override
  public Optional<Value> item(Value key) {
    return key instanceof Numeric number && number.isWhole()
        ? Slice.index(number, size()).map(this::at)
        : Optional.empty();
  }

  @Override
  public boolean isIterable() {
    return true;
  }

  @Override
  public Iterator<Value> iterator() {
    return IntStream.range(0, size()).mapToObj(this::at).iterator();
  }

  @Override
  public Iterator<Value> reversed() {
    return IntStream.range(0, size()).mapToObj(i -> at(size() - 1 - i)).iterator();
  }

  @Override
  public boolean isSized() {
    return true;
  }

  @Override
  public int size() {
    return (int) size(start, stop, step);
  }

  @Override
  public long weight() {
    return 1L + size();
  }
}

package ai.icon.jinja;

import java.math.BigInteger;
import java.util.Optional;
import java.util.stream.IntStream;

/** start:stop:step, each of them an int or None. */
record Slice(Value start, Value stop, Value step) {
  private static final BigInteger LARGE = BigInteger.valueOf(Integer.MAX_VALUE);

  /** The indices that are meant in a sequence of some length, in their order. */
  IntStream indices(int length) {
    int by = bound(step, 1);
    if (by == 0) {
      throw new Failure("the step of a slice cannot be zero");
    }
    int from = by > 0 ? 0 : -1;
    int to = by > 0 ? length : length - 1;
    int first = place(start, length, by > 0 ? from : to, from, to);
    int end = place(stop, length, by > 0 ? to : from, from, to);
    long count = by > 0 ? ceil((long) end - first, by) : ceil((long) first - end, -(long) by);
    return IntStream.range(0, (int) Math.max(0, count)).map(i -> first + i * by);
  }

  private static long ceil(long length, long step) {
    return (length + step - 1) / step;
  }

  private static int place(Value bound, int length, int otherwise, int from, int to) {
    if (bound == Nothing.NONE) {
      return otherwise;
    }
    long place = bound(bound, 0);
    return (int) Math.max(from, Math.min(to, place < 0 ? place + length : place));
  }

  private static int bound(Value value, int otherwise) {
    if (value == Nothing.NONE) {
      return otherwise;
    }
    if (value instanceof Numeric number && number.isWhole()) {
      return number.whole().max(LARGE.negate()).min(LARGE).intValue();
    }
    throw new Failure("the indices of a slice must be integers, got one of type " + value.type());
  }

  /** Where an index, which may count from the end, lies; nothing where it is out of range. */
  static Optional<Integer> index(Numeric index, int length) {
    BigInteger whole = index.whole();
    BigInteger place = whole.signum() < 0 ? whole.add(BigInteger.valueOf(length)) : whole;
    return place.signum() < 0 || place.compareTo(BigInteger.valueOf(length)) >= 0
        ? Optional.empty()
        : Optional.of(place.intValue());
  }
}

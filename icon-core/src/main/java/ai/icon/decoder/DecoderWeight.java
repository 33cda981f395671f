package ai.icon.decoder;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One tensor that the program takes, and where it comes from in the checkpoint.
 *
 * @param name its name in the checkpoint
 * @param bareName its name in a checkpoint of the model without its output projection; the same
 *     where there is no other
 * @param storedShape its shape in the checkpoint
 * @param rows which rows of the stored tensor are taken; columns where it is transposed
 * @param isTransposed whether it is stored [in, out] and taken as [out, in]
 * @param isExact whether it is held in float32, whatever the others are held in
 * @param offset what is added to every number of it
 */
public record DecoderWeight(
    String name,
    String bareName,
    List<Long> storedShape,
    Runs rows,
    boolean isTransposed,
    boolean isExact,
    double offset) {
  /** Copies the shape and checks that the rows lie inside. */
  public DecoderWeight {
    requireNonNull(name, "name");
    requireNonNull(bareName, "bareName");
    storedShape = List.copyOf(storedShape);
    long stored = storedShape.get(isTransposed ? 1 : 0);
    if (rows.end() > stored) {
      throw new IllegalArgumentException(
          "Invalid rows of " + name + ": must end at " + stored + ", got " + rows);
    }
  }

  /**
   * Runs of rows at equal distances; one run is a plain slice.
   *
   * @param first the first row of the first run
   * @param length rows of a run
   * @param stride rows from the start of a run to the start of the next
   * @param times how many runs
   */
  public record Runs(long first, long length, long stride, long times) {
    /** Checks that runs do not overlap. */
    public Runs {
      if (first < 0 || length < 1 || times < 1 || stride < length) {
        throw new IllegalArgumentException(
            "Invalid runs: %d + %d of every %d, %d times".formatted(first, length, stride, times));
      }
    }

    /** One run. */
    static Runs slice(long first, long length) {
      return new Runs(first, length, length, 1);
    }

    /** All of so many rows. */
    public static Runs whole(long rows) {
      return slice(0, rows);
    }

    /** Rows that are taken. */
    public long count() {
      return length * times;
    }

    /** The row behind the last one. */
    public long end() {
      return first + (times - 1) * stride + length;
    }

    /** The stored row that stands at a place among those taken. */
    public long stored(long taken) {
      return first + taken / length * stride + taken % length;
    }

    /** How many of the rows taken from a place on follow each other in the stored tensor. */
    public long contiguous(long taken) {
      return length - taken % length;
    }
  }

  /** Numbers of the tensor that the program takes. */
  public long elements() {
    long across = storedShape.size() == 1 ? 1 : storedShape.get(isTransposed ? 0 : 1);
    return rows.count() * across;
  }
}

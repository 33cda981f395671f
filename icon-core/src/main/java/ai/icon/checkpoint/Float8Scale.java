package ai.icon.checkpoint;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import java.util.List;

/**
 * The factors that stored 8-bit floats are multiplied by: one for a whole tensor, one for each row,
 * or one for each block of rows and columns.
 *
 * @param values the tensor of the factors, one row of it for each row of blocks
 * @param file that holds it
 * @param rows rows of weights that share a factor
 * @param columns columns of weights that share it
 * @param perRow factors of one row of blocks
 */
record Float8Scale(TensorInfo values, SafetensorsFile file, long rows, long columns, int perRow) {
  Float8Scale {
    requireNonNull(values, "values");
    requireNonNull(file, "file");
  }

  /**
   * Finds out from its shape what a scale stands for.
   *
   * @param weight name of the tensor that it scales
   * @param shape of that tensor, [rows, columns], both at least 1
   * @throws UserError if the shapes do not fit
   */
  static Float8Scale of(
      TensorInfo values,
      SafetensorsFile file,
      String weight,
      List<Long> shape,
      Quantization quantization) {
    long rows = shape.get(0);
    long columns = shape.get(1);
    if (values.elements() == 1) {
      return new Float8Scale(values, file, rows, columns, 1);
    }
    List<Long> given = values.shape();
    if (given.equals(List.of(rows)) || given.equals(List.of(rows, 1L))) {
      return new Float8Scale(values, file, 1, columns, 1);
    }
    long blockRows = quantization.blockRows();
    long blockColumns = quantization.blockColumns();
    if (quantization.isInBlocks()) {
      long down = ceiling(rows, blockRows);
      long across = ceiling(columns, blockColumns);
      if (given.equals(List.of(down, across)) && across <= Integer.MAX_VALUE) {
        return new Float8Scale(values, file, blockRows, blockColumns, (int) across);
      }
    }
    throw new UserError(
        "Cannot use tensor '%s' of %s: it scales '%s' of shape %s, so that its shape must be [1], %s"
                .formatted(
                    values.name(),
                    values.file(),
                    weight,
                    shape,
                    expected(rows, columns, quantization))
            + ", got "
            + given,
        "Take config.json and the weights from the same download: they do not fit each other.");
  }

  private static String expected(long rows, long columns, Quantization quantization) {
    String perRow = "[%d, 1]".formatted(rows);
    return quantization.isInBlocks()
        ? "%s or, in blocks of %d x %d, [%d, %d]"
            .formatted(
                perRow,
                quantization.blockRows(),
                quantization.blockColumns(),
                ceiling(rows, quantization.blockRows()),
                ceiling(columns, quantization.blockColumns()))
        : "or " + perRow;
  }

  /**
   * The factors of some rows of weights.
   *
   * @param row the first one
   * @param count of rows, at least 1
   * @throws UserError if the file cannot be read any more
   */
  Float8Factors factors(long row, long count) {
    long first = number(row);
    long end = number(row + count - 1) + perRow;
    int width = values.type().bytes();
    return new Float8Factors(this, first, file.map(values, first * width, (end - first) * width));
  }

  /** The number of the first factor of a row of weights. */
  long number(long row) {
    return row / rows * perRow;
  }

  /** Math.ceilDiv is younger than Java 17. */
  private static long ceiling(long size, long block) {
    return (size + block - 1) / block;
  }
}

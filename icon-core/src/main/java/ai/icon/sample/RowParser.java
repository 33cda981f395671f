package ai.icon.sample;

/**
 * Turns the JSON text of one row into what became of it. Implementations hold no state and are safe
 * for use by several threads.
 *
 * @param <R> {@link SampleRow} or {@link AssessedRow}
 */
public interface RowParser<R> {
  /**
   * Reads one row; never throws for what stands in it.
   *
   * @param source the file or table, for messages and output
   * @param line the line or row, from 1
   * @param json one JSON object
   */
  R parse(String source, long line, String json);

  /** A row that was rejected before its text could be read. */
  R rejected(Reject reject);
}

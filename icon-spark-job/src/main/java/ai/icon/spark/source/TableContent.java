package ai.icon.spark.source;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import ai.icon.spark.run.StageInputs;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of a table as JSON, and what they are as a whole. A table has no files to date and no
 * order: it is known by its columns, the number of its rows and two sums over their hashes, which
 * come out the same in whatever order and division Spark reads them.
 */
final class TableContent {
  private static final String ROW = "row";
  private static final String EXACT = "decimal(38,0)"; // 10^19 rows before it runs over

  private final Dataset<Row> table;

  TableContent(Dataset<Row> table) {
    this.table = table;
  }

  /** One column: each row as a JSON object. */
  Dataset<Row> json() {
    return table.select(RowJson.column().as(ROW));
  }

  /** As {@link #json}, in the order of the text: the same for the same rows. */
  Dataset<Row> ordered() {
    return json().orderBy(col(ROW));
  }

  /** Rows and hash, such as {@code 5 rows, 0f3a…}; reads the table once. */
  String identity() {
    Row whole =
        json()
            .agg(
                count(lit(1)),
                sum(xxhash64(col(ROW)).cast(EXACT)),
                bit_xor(xxhash64(col(ROW), lit("icon"))))
            .collectAsList()
            .get(0);
    String hash =
        StageInputs.of(
                Map.of(
                    "columns", table.schema().catalogString(),
                    "sum", String.valueOf(whole.get(1)),
                    "xor", String.valueOf(whole.get(2))))
            .fingerprint();
    return String.format(Locale.ROOT, "%d rows, %s", whole.getLong(0), hash);
  }
}

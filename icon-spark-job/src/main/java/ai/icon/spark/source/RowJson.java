package ai.icon.spark.source;

import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.functions;

/**
 * A row as the JSON object that the job reads samples from. Written by rules of our own and not by
 * those of the session: the same table is the same samples on a cluster in UTC and on a laptop that
 * is not.
 */
public final class RowJson {
  private static final Map<String, String> RULES =
      Map.of("timeZone", "UTC", "ignoreNullFields", "true");

  private RowJson() {}

  /** All columns of the row that it is selected from. */
  public static Column column() {
    return functions.to_json(functions.struct(functions.col("*")), RULES);
  }

  /** Every row as JSON. */
  public static Dataset<String> of(Dataset<?> rows) {
    return rows.toDF().select(column()).as(Encoders.STRING());
  }
}

package ai.icon.spark.rows;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Feeds rows to parquet-hadoop. */
final class RowWriteSupport extends WriteSupport<Row> {
  private final StructType schema;
  private final Map<String, String> footer;
  private final StructWriter columns;
  private RecordConsumer consumer;

  RowWriteSupport(StructType schema, Map<String, String> footer) {
    this.schema = schema;
    this.footer = footer;
    this.columns = new StructWriter("", schema);
  }

  @Override
  public WriteContext init(Configuration configuration) {
    return new WriteContext(ParquetTypes.message(schema), footer);
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    this.consumer = recordConsumer;
  }

  @Override
  public void write(Row row) {
    consumer.startMessage();
    columns.writeFields(row, consumer);
    consumer.endMessage();
  }
}

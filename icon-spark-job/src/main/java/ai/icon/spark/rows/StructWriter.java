package ai.icon.spark.rows;

import org.apache.parquet.io.api.RecordConsumer;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Writes the fields of a row, by position. */
final class StructWriter {
  private final String path;
  private final String[] names;
  private final FieldWriter[] fields;

  /**
   * @param path name of the column that holds the struct; empty for the row itself
   */
  StructWriter(String path, StructType schema) {
    this.path = path;
    this.names = schema.fieldNames();
    this.fields = new FieldWriter[names.length];
    for (int i = 0; i < names.length; i++) {
      StructField field = schema.fields()[i];
      String column = path.isEmpty() ? names[i] : path + "." + names[i];
      fields[i] =
          new FieldWriter(
              column, field.nullable(), ValueWriter.of(column, field.dataType()), names[i], i);
    }
  }

  void writeFields(Row row, RecordConsumer out) {
    if (row.size() != fields.length) {
      throw new IllegalArgumentException(
          "Cannot write %s: its schema has %d fields (%s), got %d"
              .formatted(
                  path.isEmpty() ? "row" : "column " + path,
                  fields.length,
                  String.join(", ", names),
                  row.size()));
    }
    for (int i = 0; i < fields.length; i++) {
      fields[i].write(row.get(i), out);
    }
  }

  /** One field, whose null is left out where it may be null. */
  record FieldWriter(String column, boolean nullable, ValueWriter writer, String name, int index) {
    void write(Object value, RecordConsumer out) {
      if (value == null) {
        if (!nullable) {
          throw new IllegalArgumentException(
              "Cannot write column " + column + ": it must not be null");
        }
        return;
      }
      out.startField(name, index);
      writer.write(value, out);
      out.endField(name, index);
    }
  }
}

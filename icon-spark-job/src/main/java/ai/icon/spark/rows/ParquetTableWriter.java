package ai.icon.spark.rows;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Writes rows to one Parquet file (Snappy) whose footer says where they come from, which Spark's
 * own writer cannot. The same rows, schema and footer give the same bytes, but for the order in
 * which the footer lists a column's encodings: parquet-hadoop takes it from a set of enums, which
 * differs from JVM to JVM. Several threads may write different files at once.
 */
public final class ParquetTableWriter {
  private final Configuration hadoop;
  private final TableFooter footer;

  /**
   * @param hadoop settings of the file systems
   * @param footer what every file's footer says
   */
  public ParquetTableWriter(Configuration hadoop, TableFooter footer) {
    this.hadoop = WholeFile.settings(hadoop);
    this.footer = requireNonNull(footer, "footer");
  }

  /**
   * Writes a file that appears whole or not at all; one of the same name is replaced. If writing
   * fails, nothing is left behind.
   *
   * @param target the file; missing folders above it are made
   * @param schema the columns; fields are taken from the rows by position
   * @param rows written in their order
   * @return how many rows
   * @throws IllegalArgumentException if a value does not fit its column, with the column's name
   * @throws IOException if the disk or store fails
   */
  public long write(Path target, Table table, StructType schema, Iterator<Row> rows)
      throws IOException {
    FileCommit files = FileCommit.of(hadoop, target);
    Path staged = files.staged(target, UUID.randomUUID().toString());
    try {
      long count = stage(staged, table, schema, rows);
      files.publish(staged, target);
      return count;
    } finally {
      files.discard(staged); // nothing is there any more where all went well
    }
  }

  /**
   * Writes a file under the very name that is given, for a caller who publishes it later: one of
   * {@link FileCommit#staged}. If writing fails, the file is removed.
   *
   * @return how many rows
   */
  public long stage(Path tmp, Table table, StructType schema, Iterator<Row> rows)
      throws IOException {
    boolean whole = false;
    try {
      long count = FullDisk.told(tmp, () -> writeAll(tmp, table, schema, rows));
      whole = true;
      return count;
    } finally {
      if (!whole) {
        tmp.getFileSystem(hadoop).delete(tmp, false);
      }
    }
  }

  private long writeAll(Path file, Table table, StructType schema, Iterator<Row> rows)
      throws IOException {
    long count = 0;
    OutputFile output = new OrderedFooterFile(HadoopOutputFile.fromPath(file, hadoop));
    try (ParquetWriter<Row> writer =
        new Builder(output, schema, footer.entries(table))
            .withConf(hadoop)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .build()) {
      while (rows.hasNext()) {
        writer.write(rows.next());
        count++;
      }
    }
    return count;
  }

  private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
    private final StructType schema;
    private final Map<String, String> footer;

    Builder(OutputFile file, StructType schema, Map<String, String> footer) {
      super(file);
      this.schema = schema;
      this.footer = footer;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Row> getWriteSupport(Configuration conf) {
      return new RowWriteSupport(schema, footer);
    }
  }
}

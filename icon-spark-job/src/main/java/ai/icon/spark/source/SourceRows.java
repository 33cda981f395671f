package ai.icon.spark.source;

import ai.icon.error.UserError;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalog.Catalog;

/** Rows of Parquet files and tables with their places, which no division of the work changes. */
final class SourceRows {
  /** Spark's hidden column of a file's rows: which file, and which row of it. */
  private static final String METADATA = "_metadata";

  private final SparkSession spark;

  SourceRows(SparkSession spark) {
    this.spark = spark;
  }

  JavaRDD<SourceRow> of(Source source) {
    return switch (source.kind()) {
      case PARQUET -> parquetRows(source);
      case TABLE ->
          new TableContent(table(source))
              .ordered()
              .javaRDD()
              .zipWithIndex()
              .map(row -> new SourceRow(0, row._2() + 1, row._1().getString(0)));
      case JSON -> throw new IllegalArgumentException("Invalid source: JSON is read file by file");
    };
  }

  /** Makes Spark list a table's files anew. Not a view's: its caller may have cached its rows. */
  void refresh(String table) {
    Catalog catalog = spark.catalog();
    try {
      if (catalog.tableExists(table) && !catalog.getTable(table).isTemporary()) {
        catalog.refreshTable(table);
      }
    } catch (AnalysisException e) {
      throw new UserError(
          "Cannot read table:" + table + ": it is gone, " + e.getMessage(), "See who drops it.", e);
    }
  }

  Dataset<Row> table(Source source) {
    return read(
        source,
        Sources.TABLE + source.name(),
        () -> spark.table(source.name()),
        "Name a table or view of this session, or of the catalogue set by --conf.");
  }

  private JavaRDD<SourceRow> parquetRows(Source source) {
    Map<String, Integer> parts = new HashMap<>();
    for (SourceFile file : source.files()) {
      parts.put(file.location(), parts.size());
    }
    return parquet(source)
        .javaRDD()
        .map(
            row -> {
              int part = part(row.getString(0), parts);
              return new SourceRow(part, row.getLong(1) + 1, row.getString(2));
            });
  }

  /** File, row in it from 0, and the row as JSON. */
  private Dataset<Row> parquet(Source source) {
    String[] files = source.files().stream().map(SourceFile::location).toArray(String[]::new);
    return read(
        source,
        source.name(),
        () -> {
          // A file may lack a column that others have: without the merge it would be lost.
          var reader = spark.read().option("mergeSchema", "true");
          boolean isFolder = !source.location().equals(files[0]);
          Dataset<Row> rows =
              (isFolder ? reader.option("basePath", source.location()) : reader).parquet(files);
          Column place = rows.metadataColumn(METADATA);
          return rows.select(
              place.getField("file_path"), place.getField("row_index"), RowJson.column());
        },
        "Check that it is Parquet with the same columns in every file; JSON is known by .json,"
            + " .jsonl and .gz.");
  }

  /** The path comes as it is or as a URI with its blanks escaped, by the version of Spark. */
  private static int part(String path, Map<String, Integer> parts) {
    Integer part = parts.get(path);
    part = part == null ? parts.get(new Path(URI.create(path)).toString()) : part;
    if (part == null) {
      throw new IllegalStateException("Invalid row: of no file of its source, got " + path);
    }
    return part;
  }

  private interface Read {
    Dataset<Row> rows();
  }

  private static Dataset<Row> read(Source source, String shown, Read read, String cure) {
    try {
      return read.rows();
    } catch (Exception e) { // Spark's own are checked, but not declared.
      if (e instanceof SparkThrowable || e.getCause() instanceof SparkThrowable) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        throw new UserError("Cannot read " + source.role() + " " + shown + ": " + message, cure, e);
      }
      throw e;
    }
  }
}

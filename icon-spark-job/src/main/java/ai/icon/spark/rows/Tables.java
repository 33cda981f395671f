package ai.icon.spark.rows;

import ai.icon.error.UserError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Reads tables of a run folder back, always with a schema that was asked for. */
public final class Tables {
  private Tables() {}

  /**
   * A table as a data frame; the order of its rows is not defined.
   *
   * @param folder the table's own folder
   * @throws UserError if there is no such folder or no file in it
   */
  public static Dataset<Row> read(SparkSession spark, Path folder, Table table) {
    return read(spark, folder, table, table.schema());
  }

  /** A table with other columns than its own, such as a selection's or a few of many. */
  public static Dataset<Row> read(SparkSession spark, Path folder, Table table, StructType schema) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    String[] files =
        files(hadoop, folder, table).stream().map(Path::toString).toArray(String[]::new);
    return spark.read().schema(schema).parquet(files);
  }

  /** All rows of a small table: file by file in the order of their names, as they stand in them. */
  public static List<Row> readInOrder(SparkSession spark, Path folder, Table table) {
    return readInOrder(spark, folder, table, table.schema());
  }

  /** As above, with other columns than the table's own. */
  public static List<Row> readInOrder(
      SparkSession spark, Path folder, Table table, StructType schema) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    List<Row> rows = new ArrayList<>();
    for (Path file : files(hadoop, folder, table)) {
      rows.addAll(spark.read().schema(schema).parquet(file.toString()).collectAsList());
    }
    return rows;
  }

  /**
   * The data files of a table in the order of their names; hidden and unfinished ones left out.
   *
   * @throws UserError if there is no such folder or no file in it
   */
  public static List<Path> files(Configuration hadoop, Path folder, Table table) {
    List<Path> files;
    try {
      files =
          Arrays.stream(folder.getFileSystem(hadoop).listStatus(folder))
              .filter(FileStatus::isFile)
              .map(FileStatus::getPath)
              .filter(Tables::isData)
              .sorted()
              .toList();
    } catch (FileNotFoundException e) {
      throw missing(table, "there is no folder " + folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder + ": " + e.getMessage(), e);
    }
    if (files.isEmpty()) {
      throw missing(table, "no file is in folder " + folder);
    }
    return files;
  }

  private static boolean isData(Path file) {
    return !file.getName().startsWith("_") && !file.getName().startsWith(".");
  }

  private static UserError missing(Table table, String why) {
    return new UserError(
        "Cannot read table " + table.text() + ": " + why,
        "Run the stage that writes it first, or name the run folder that holds it with --out");
  }
}

package ai.icon.spark.rows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** One file of a table, read by a task: no data frame can be opened there. */
public final class TableFile {
  private TableFile() {}

  /**
   * All rows of a file in their order; for files that are small, such as those of one shard.
   *
   * @throws IOException if it is not there, or cannot be read
   */
  public static List<Group> read(Configuration hadoop, Path file) throws IOException {
    List<Group> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(hadoop).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        rows.add(row);
      }
    }
    return rows;
  }
}

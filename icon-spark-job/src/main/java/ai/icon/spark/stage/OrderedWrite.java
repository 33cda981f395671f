package ai.icon.spark.stage;

import ai.icon.spark.rows.Fence;
import ai.icon.spark.rows.ParquetTableWriter;
import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.TableFooter;
import ai.icon.spark.run.HadoopSettings;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * Writes rows as one ordered table: ranges of keys become files, rows are sorted in each. Which
 * rows share a file depends on their keys alone, so that any cluster writes the same rows.
 */
final class OrderedWrite {
  /** Rows that one file is meant to hold; a few hundred megabytes of text at the most. */
  static final long ROWS_PER_FILE = 200_000;

  private final HadoopSettings hadoop;
  private final TableFooter footer;
  private final Table table;
  private final StructType schema;
  private final Path folder;

  OrderedWrite(StageContext context, Table table) {
    this(context, table, table.schema());
  }

  OrderedWrite(StageContext context, Table table, StructType schema) {
    this.hadoop = context.hadoop();
    this.footer = context.footer();
    this.table = table;
    this.schema = schema;
    this.folder = context.path(table);
  }

  /** How many files a table of so many rows has; at least one. */
  static int files(long rows) {
    return Math.toIntExact(Math.max(1, (rows + ROWS_PER_FILE - 1) / ROWS_PER_FILE));
  }

  /**
   * Writes the table, replacing what was there.
   *
   * @return rows written
   */
  long write(JavaPairRDD<OrderKey, Row> rows, KeyPartitioner ranges) throws IOException {
    return write(rows, ranges, sorted -> sorted);
  }

  /** What sorted pairs become on the executor that writes them, keys kept in order. */
  @FunctionalInterface
  interface Behind<T> extends Serializable {
    Iterator<Tuple2<OrderKey, Row>> of(Iterator<Tuple2<OrderKey, T>> sorted);
  }

  /**
   * Writes what is made of the rows once they are sorted, so that little goes through the shuffle.
   *
   * @return rows written
   */
  <T> long write(JavaPairRDD<OrderKey, T> rows, KeyPartitioner ranges, Behind<T> behind)
      throws IOException {
    clear();
    JavaRDD<Tuple2<OrderKey, Row>> sorted =
        rows.repartitionAndSortWithinPartitions(ranges).mapPartitions(behind::of, true);
    return writeSorted(sorted, new long[ranges.numPartitions()], Numbering.NONE);
  }

  /**
   * The same with a number from 1 in front of every row, through all files.
   *
   * @param rows without their first column
   * @return rows written
   */
  long writeNumbered(JavaPairRDD<OrderKey, Row> rows, KeyPartitioner ranges) throws IOException {
    clear();
    JavaPairRDD<OrderKey, Row> sorted = rows.repartitionAndSortWithinPartitions(ranges);
    List<Long> sizes = sorted.mapPartitions(OrderedWrite::size).collect();
    long[] before = new long[sizes.size()];
    for (int range = 1; range < before.length; range++) {
      before[range] = before[range - 1] + sizes.get(range - 1);
    }
    return writeSorted(sorted.map(pair -> pair), before, Numbering.FROM_ONE);
  }

  private void clear() throws IOException {
    Fence.check(hadoop.configuration());
    folder.getFileSystem(hadoop.configuration()).delete(folder, true);
  }

  private static Iterator<Long> size(Iterator<Tuple2<OrderKey, Row>> rows) {
    long size = 0;
    for (; rows.hasNext(); rows.next()) {
      size++;
    }
    return List.of(size).iterator();
  }

  private long writeSorted(
      JavaRDD<Tuple2<OrderKey, Row>> sorted, long[] before, Numbering numbering) {
    FileTask task =
        new FileTask(hadoop, footer, table, schema, folder.toString(), before, numbering);
    return sorted.mapPartitionsWithIndex(task::write, false).collect().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /** Whether rows get a number. */
  private enum Numbering {
    NONE,
    FROM_ONE
  }

  /** One range into one file, on an executor. */
  private record FileTask(
      HadoopSettings hadoop,
      TableFooter footer,
      Table table,
      StructType schema,
      String folder,
      long[] before,
      Numbering numbering)
      implements Serializable {

    Iterator<Long> write(int range, Iterator<Tuple2<OrderKey, Row>> rows) {
      // An empty range leaves no file, but a table without any row is still a table.
      if (!rows.hasNext() && range > 0) {
        return List.of(0L).iterator();
      }
      Path file =
          new Path(folder, String.format(java.util.Locale.ROOT, "part-%05d.parquet", range));
      try {
        long count =
            new ParquetTableWriter(hadoop.configuration(), footer)
                .write(file, table, schema, new Mapped(rows, numbered(before[range])));
        return List.of(count).iterator();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
      }
    }

    private Function<Row, Row> numbered(long first) {
      if (numbering == Numbering.NONE) {
        return Function.identity();
      }
      long[] last = {first};
      return row -> {
        List<Object> values = new ArrayList<>();
        values.add(++last[0]);
        for (int i = 0; i < row.length(); i++) {
          values.add(row.get(i));
        }
        return RowFactory.create(values.toArray());
      };
    }
  }

  /** The rows of keyed rows, one at a time. */
  private static final class Mapped implements Iterator<Row> {
    private final Iterator<Tuple2<OrderKey, Row>> rows;
    private final Function<Row, Row> change;

    Mapped(Iterator<Tuple2<OrderKey, Row>> rows, Function<Row, Row> change) {
      this.rows = rows;
      this.change = change;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Row next() {
      return change.apply(rows.next()._2());
    }
  }
}

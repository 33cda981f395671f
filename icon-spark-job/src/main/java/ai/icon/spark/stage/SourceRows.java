package ai.icon.spark.stage;

import ai.icon.sample.ColumnsParser;
import ai.icon.sample.RowParser;
import ai.icon.sample.SampleParser;
import ai.icon.sample.SampleReader;
import ai.icon.sample.SampleRow;
import ai.icon.spark.run.HadoopSettings;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * The rows of the pool's sources, read anew whenever they are asked for: to read a row again costs
 * less than to keep it, and nothing grows with the pool. One task reads a file.
 */
final class SourceRows {
  private final StageContext context;
  private final List<PoolSource> sources;
  private final SampleParser parser;

  SourceRows(StageContext context, List<PoolSource> sources, SampleParser parser) {
    this.context = context;
    this.sources = sources;
    this.parser = parser;
  }

  /**
   * One row of a source, read.
   *
   * @param source index of the source
   * @param line line or row in it, from 1
   * @param row what became of it
   */
  record Line(int source, long line, SampleRow row) implements Serializable {
    OrderKey place() {
      return OrderKey.ofLine(source, line);
    }

    /** The columns that it has, usable or not. */
    Set<String> columns() {
      String raw =
          row instanceof SampleRow.Accepted accepted
              ? accepted.sample().raw()
              : ((SampleRow.Rejected) row).reject().raw();
      return new ColumnsParser().parse("", line, raw);
    }
  }

  /** Every row of every source, in the order of each source. */
  JavaRDD<Line> lines() {
    List<Tuple2<Integer, PoolSource>> files = new ArrayList<>();
    List<JavaRDD<Line>> parts = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      PoolSource source = sources.get(i);
      if (source.kind() == PoolSource.Kind.JSON) {
        files.add(new Tuple2<>(i, source));
      } else {
        parts.add(table(i, source));
      }
    }
    if (!files.isEmpty()) {
      HadoopSettings hadoop = context.hadoop();
      RowParser<SampleRow> reading = parser;
      parts.add(
          context
              .java()
              .parallelize(files, files.size())
              .flatMap(file -> open(file._1(), file._2(), hadoop, reading)));
    }
    return parts.stream().reduce(JavaRDD::union).orElseThrow();
  }

  private static Iterator<Line> open(
      int index, PoolSource source, HadoopSettings hadoop, RowParser<SampleRow> parser) {
    Path path = new Path(source.name());
    try {
      SampleReader<SampleRow> reader =
          new SampleReader<>(
              path.getFileSystem(hadoop.configuration()).open(path), source.name(), parser);
      return new Lines(index, reader);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + source.name() + ": " + e.getMessage(), e);
    }
  }

  private JavaRDD<Line> table(int index, PoolSource source) {
    String name = source.name();
    SampleParser reading = parser;
    return source
        .rows(context.spark())
        .toJSON()
        .javaRDD()
        .zipWithIndex()
        .map(json -> new Line(index, json._2() + 1, reading.parse(name, json._2() + 1, json._1())));
  }

  /** The rows of a file, one at a time; closes the file behind the last. */
  private static final class Lines implements Iterator<Line> {
    private final int source;
    private final SampleReader<SampleRow> reader;

    Lines(int source, SampleReader<SampleRow> reader) {
      this.source = source;
      this.reader = reader;
    }

    @Override
    public boolean hasNext() {
      boolean more = reader.hasNext();
      if (!more) {
        reader.close();
      }
      return more;
    }

    @Override
    public Line next() {
      SampleRow row = reader.next();
      long line =
          row instanceof SampleRow.Accepted accepted
              ? accepted.sample().line()
              : ((SampleRow.Rejected) row).reject().line();
      return new Line(source, line, row);
    }
  }
}

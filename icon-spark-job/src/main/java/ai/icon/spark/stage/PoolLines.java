package ai.icon.spark.stage;

import ai.icon.prompt.UnscorableException;
import ai.icon.sample.ColumnsParser;
import ai.icon.sample.Reject;
import ai.icon.sample.RejectReason;
import ai.icon.sample.Sample;
import ai.icon.sample.SampleParser;
import ai.icon.sample.SampleReader;
import ai.icon.sample.SampleRow;
import ai.icon.spark.config.PromptConfig;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.executor.ModelRegistry;
import ai.icon.spark.run.HadoopSettings;
import ai.icon.spark.source.FilePiece;
import ai.icon.spark.source.FilePieces;
import ai.icon.spark.source.Source;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/**
 * The rows of the pool's sources, read anew whenever they are asked for: to read a row again costs
 * less than to keep it, and nothing grows with the pool. One task reads a file, or a piece of a
 * large one.
 */
final class PoolLines {
  private final StageContext context;
  private final List<Source> sources;
  private final SampleParser parser;
  private final List<Tuple2<Integer, FilePiece>> pieces;

  /**
   * Counts the lines of large files, to know where tasks may begin.
   *
   * @throws IOException if a file cannot be opened
   */
  PoolLines(StageContext context, List<Source> sources, SampleParser parser) throws IOException {
    this.context = context;
    this.sources = sources;
    this.parser = parser;
    this.pieces = pieces(context, sources);
  }

  /** Of all JSON sources, each with the index of its source's first part. */
  private static List<Tuple2<Integer, FilePiece>> pieces(StageContext context, List<Source> sources)
      throws IOException {
    List<Source> json = new ArrayList<>();
    List<Integer> firsts = new ArrayList<>();
    int first = 0;
    for (Source source : sources) {
      if (source.kind() == Source.Kind.JSON) {
        json.add(source);
        firsts.add(first);
      }
      first += source.parts();
    }
    List<List<FilePiece>> cut = new FilePieces(context.java(), context.hadoop()).of(json);
    List<Tuple2<Integer, FilePiece>> pieces = new ArrayList<>();
    for (int i = 0; i < cut.size(); i++) {
      for (FilePiece piece : cut.get(i)) {
        pieces.add(new Tuple2<>(firsts.get(i), piece));
      }
    }
    return pieces;
  }

  /**
   * One row of a source, read.
   *
   * @param source index among the parts of all sources
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

  /** The names of all parts of all sources, in order: {@link Line#source} is an index of it. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (Source source : sources) {
      for (int part = 0; part < source.parts(); part++) {
        names.add(source.partName(part));
      }
    }
    return names;
  }

  /** Every row of every source; a sample that the template does not write is a reject. */
  JavaRDD<Line> lines() {
    if (context.config().prompt().template() == PromptConfig.Template.RICO) {
      return read(); // it writes every sample
    }
    ModelKey model = context.model();
    return read().map(line -> written(line, model));
  }

  private static Line written(Line line, ModelKey model) {
    if (!(line.row() instanceof SampleRow.Accepted accepted)) {
      return line;
    }
    Sample sample = accepted.sample();
    try {
      ModelRegistry.model(model).template().render(sample.body());
      return line;
    } catch (UnscorableException e) {
      Reject reject =
          new Reject(
              sample.source(),
              sample.line(),
              RejectReason.REFUSED_BY_TEMPLATE,
              String.valueOf(e.getMessage()),
              sample.raw());
      return new Line(line.source(), line.line(), new SampleRow.Rejected(reject));
    }
  }

  private JavaRDD<Line> read() {
    List<JavaRDD<Line>> parts = new ArrayList<>();
    int first = 0;
    for (Source source : sources) {
      if (source.kind() != Source.Kind.JSON) {
        parts.add(table(first, source));
      }
      first += source.parts();
    }
    if (!pieces.isEmpty()) {
      HadoopSettings hadoop = context.hadoop();
      SampleParser reading = parser;
      parts.add(
          context
              .java()
              .parallelize(pieces, pieces.size())
              .flatMap(piece -> open(piece._1(), piece._2(), hadoop, reading)));
    }
    return parts.stream().reduce(JavaRDD::union).orElseThrow();
  }

  private static Iterator<Line> open(
      int index, FilePiece piece, HadoopSettings hadoop, SampleParser parser) {
    try {
      SampleReader<SampleRow> reader = piece.open(hadoop, parser);
      // A task that fails or is killed reads no last row.
      TaskCompletionListener listener = ended -> reader.close();
      TaskContext.get().addTaskCompletionListener(listener);
      return new Lines(index, reader);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read " + piece.source().name() + ": " + e.getMessage(), e);
    }
  }

  private JavaRDD<Line> table(int first, Source source) {
    SampleParser reading = parser;
    return context
        .sources()
        .rows(source)
        .map(
            row -> {
              String name = source.partName(row.part());
              SampleRow read = reading.parse(name, row.line(), row.json());
              return new Line(first + row.part(), row.line(), read);
            });
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

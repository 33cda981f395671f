package ai.icon.spark.stage;

import ai.icon.error.UserError;
import ai.icon.sample.ColumnsParser;
import ai.icon.sample.Sample;
import ai.icon.sample.SampleParser;
import ai.icon.sample.SampleReader;
import ai.icon.sample.SampleRow;
import ai.icon.spark.config.PoolConfig;
import ai.icon.spark.executor.LoadedModel;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.executor.ModelRegistry;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.HadoopSettings;
import ai.icon.spark.run.StageName;
import ai.icon.spark.source.Source;
import ai.icon.spark.source.Sources;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/** Reads every source; a row becomes a sample, a duplicate of one, or a reject, and is counted. */
final class IngestStage implements Stage {
  /** Reasons that a message about too many rejects names. */
  private static final int REASONS_NAMED = 5;

  @Override
  public StageName name() {
    return StageName.INGEST;
  }

  @Override
  public SortedMap<String, String> inputs(StageContext context) {
    SortedMap<String, String> inputs = new TreeMap<>(Inputs.prompt(context));
    PoolConfig pool = context.config().pool();
    List<Source> sources = context.sources().pool(pool);
    for (int i = 0; i < sources.size(); i++) {
      inputs.put("pool source " + (i + 1), context.sources().identity(sources.get(i)));
    }
    inputs.put("pool.format", pool.formatText());
    inputs.put("pool.columns", new TreeMap<>(pool.columns().columns()).toString());
    inputs.put("pool.maxRejectShare", Double.toString(pool.maxRejectShare()));
    return inputs;
  }

  @Override
  public StageOutcome run(StageContext context) throws IOException {
    PoolConfig pool = context.config().pool();
    List<Source> sources = context.sources().pool(pool);
    JavaRDD<Line> lines =
        lines(context, sources, SampleParser.of(pool.formatText(), pool.columns()))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return write(context, lines);
    } finally {
      lines.unpersist();
    }
  }

  private StageOutcome write(StageContext context, JavaRDD<Line> lines) throws IOException {
    checkColumns(context, lines);
    JavaPairRDD<OrderKey, Row> rejected =
        lines
            .filter(line -> line.row instanceof SampleRow.Rejected)
            .mapToPair(line -> new Tuple2<>(line.place(), SampleRows.of(line.reject())));
    long rejects =
        new OrderedWrite(context, Table.REJECTS).write(rejected, KeyPartitioner.single());
    long read = lines.count();
    checkRejects(context, read, rejects);
    JavaPairRDD<String, Line> distinct =
        lines
            .filter(line -> line.row instanceof SampleRow.Accepted)
            .mapToPair(line -> new Tuple2<>(line.sample().id(), line))
            .reduceByKey((one, other) -> one.place().compareTo(other.place()) <= 0 ? one : other)
            .persist(StorageLevel.MEMORY_AND_DISK());
    long samples = distinct.count();
    ModelKey model = context.model();
    JavaPairRDD<OrderKey, Row> rows =
        distinct.mapToPair(pair -> keyed(pair._2().sample(), model, pair._1()));
    new OrderedWrite(context, Table.SAMPLES)
        .write(rows, KeyPartitioner.even(OrderedWrite.files(samples)));
    distinct.unpersist();
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("read", read);
    counts.put("rejects", rejects);
    counts.put("duplicates", read - rejects - samples);
    return StageOutcome.of(counts);
  }

  private static void checkColumns(StageContext context, JavaRDD<Line> lines) throws IOException {
    if (!context.config().pool().columns().columns().isEmpty() && !lines.isEmpty()) {
      new MappedColumns(context)
          .checkPool(
              column -> !lines.filter(line -> line.columns().contains(column)).isEmpty(),
              lines.first().columns());
    }
  }

  private static Tuple2<OrderKey, Row> keyed(Sample sample, ModelKey key, String id) {
    LoadedModel model = ModelRegistry.model(key);
    return new Tuple2<>(OrderKey.ofSample(Inputs.poolOrder(), id), SampleRows.of(sample, model));
  }

  private static void checkRejects(StageContext context, long read, long rejects) {
    if (read == 0) {
      throw new UserError(
          "Cannot select from the pool: it is empty ("
              + String.join(", ", context.config().pool().sources())
              + ").",
          "Name a file with at least one sample.");
    }
    double limit = context.config().pool().maxRejectShare();
    if (rejects <= limit * read && rejects < read) {
      return;
    }
    String reasons =
        context.read(Table.REJECTS).groupBy("code").count().collectAsList().stream()
            .sorted(
                java.util.Comparator.<Row>comparingLong(row -> -row.getLong(1))
                    .thenComparing(row -> row.getString(0)))
            .limit(REASONS_NAMED)
            .map(row -> row.getString(0) + " " + row.getLong(1))
            .collect(Collectors.joining(", "));
    throw new UserError(
        "Cannot use the pool: "
            + rejects
            + " of "
            + read
            + " rows were rejected, more than --max-reject-share "
            + limit
            + " allows ("
            + reasons
            + ").",
        "Look into "
            + context.path(Table.REJECTS)
            + " for file, line and reason of each; mend them, map --columns, or raise"
            + " --max-reject-share.");
  }

  private static JavaRDD<Line> lines(
      StageContext context, List<Source> sources, SampleParser parser) {
    List<Tuple2<Integer, Source>> files = new ArrayList<>();
    List<JavaRDD<Line>> parts = new ArrayList<>();
    int first = 0;
    for (Source source : sources) {
      if (source.kind() == Source.Kind.JSON) {
        files.add(new Tuple2<>(first, source));
      } else {
        parts.add(table(context, first, source, parser));
      }
      first += source.parts();
    }
    if (!files.isEmpty()) {
      HadoopSettings hadoop = context.hadoop();
      parts.add(
          context
              .java()
              .parallelize(files, files.size())
              .flatMap(file -> open(file._1(), file._2(), hadoop, parser)));
    }
    return parts.stream().reduce(JavaRDD::union).orElseThrow();
  }

  private static Iterator<Line> open(
      int index, Source source, HadoopSettings hadoop, SampleParser parser) {
    try {
      return new Lines(index, Sources.open(source, hadoop, parser));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + source.name() + ": " + e.getMessage(), e);
    }
  }

  private static JavaRDD<Line> table(
      StageContext context, int first, Source source, SampleParser parser) {
    return context
        .sources()
        .rows(source)
        .map(
            row -> {
              String name = source.partName(row.part());
              SampleRow read = parser.parse(name, row.line(), row.json());
              return new Line(first + row.part(), row.line(), read);
            });
  }

  /** One row of a source, read. */
  private static final class Line implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int source;
    private final long line;
    private final SampleRow row;

    Line(int source, long line, SampleRow row) {
      this.source = source;
      this.line = line;
      this.row = row;
    }

    OrderKey place() {
      return OrderKey.ofLine(source, line);
    }

    Sample sample() {
      return ((SampleRow.Accepted) row).sample();
    }

    Set<String> columns() {
      String raw =
          row instanceof SampleRow.Accepted accepted ? accepted.sample().raw() : reject().raw();
      return new ColumnsParser().parse("", line, raw);
    }

    ai.icon.sample.Reject reject() {
      return ((SampleRow.Rejected) row).reject();
    }
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

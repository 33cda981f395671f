package ai.icon.spark.stage;

import ai.icon.error.UserError;
import ai.icon.sample.SampleParser;
import ai.icon.sample.SampleRow;
import ai.icon.spark.config.PoolConfig;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.StageInputs;
import ai.icon.spark.run.StageName;
import ai.icon.spark.source.Source;
import ai.icon.spark.source.Sources;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/** Reads every source; a row becomes a sample, a duplicate of one, or a reject, and is counted. */
final class IngestStage implements Stage {
  /** In front of the number of a source, among the inputs. */
  private static final String SOURCE = "pool source ";

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
    inputs.putAll(identities(context.sources(), pool));
    inputs.put("pool.format", pool.formatText());
    inputs.put("pool.columns", new TreeMap<>(pool.columns().columns()).toString());
    inputs.put("pool.maxRejectShare", Double.toString(pool.maxRejectShare()));
    return inputs;
  }

  private static SortedMap<String, String> identities(Sources known, PoolConfig pool) {
    List<Source> sources = known.pool(pool);
    SortedMap<String, String> identities = new TreeMap<>();
    for (int i = 0; i < sources.size(); i++) {
      identities.put(SOURCE + (i + 1), known.identity(sources.get(i)));
    }
    return identities;
  }

  @Override
  public StageOutcome run(StageContext context) throws IOException {
    try {
      return read(context);
    } catch (Exception e) { // Spark's own are checked, but not declared.
      if (isOfMissingFile(e)) {
        checkUnchanged(context, 0); // who replaces a table removes the files that are being read
      }
      throw e;
    }
  }

  private static boolean isOfMissingFile(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause).contains("FileNotFound")) { // of a task it comes as text
        return true;
      }
    }
    return false;
  }

  private static StageOutcome read(StageContext context) throws IOException {
    PoolConfig pool = context.config().pool();
    List<Source> sources = context.sources().pool(pool);
    SampleParser parser = SampleParser.of(pool.formatText(), pool.columns());
    PoolLines rows = new PoolLines(context, sources, parser);
    Set<String> mapped = new TreeSet<>(pool.columns().columns().values());
    JavaRDD<Sifted> sifted =
        rows.lines()
            .mapPartitions(lines -> Sifted.of(lines, mapped))
            .persist(StorageLevel.MEMORY_AND_DISK()); // rejects and tallies, not the pool
    Sifted.Tally tally;
    try {
      tally = tally(sifted);
      if (!mapped.isEmpty() && tally.read() > 0) {
        new MappedColumns(context).checkPool(tally.columns()::contains, tally.first());
      }
      writeRejects(context, sifted);
      checkRejects(context, tally.read(), tally.rejects());
    } finally {
      sifted.unpersist();
    }
    long samples =
        writeSamples(
            context,
            rows,
            new DistinctSamples.Reading(rows.names(), parser, context.model()),
            tally.read() - tally.rejects());
    long duplicates = tally.read() - tally.rejects() - samples;
    checkUnchanged(context, duplicates);
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("read", tally.read());
    counts.put("rejects", tally.rejects());
    counts.put("duplicates", duplicates);
    return StageOutcome.of(counts);
  }

  private static Sifted.Tally tally(JavaRDD<Sifted> sifted) {
    return sifted
        .filter(one -> one instanceof Sifted.Tally)
        .map(one -> (Sifted.Tally) one)
        .collect() // one a partition
        .stream()
        .reduce(Sifted.Tally.none(), Sifted.Tally::and);
  }

  private static void writeRejects(StageContext context, JavaRDD<Sifted> sifted)
      throws IOException {
    JavaPairRDD<OrderKey, Row> rejected =
        sifted
            .filter(one -> one instanceof Sifted.Rejected)
            .mapToPair(
                one -> {
                  Sifted.Rejected rejection = (Sifted.Rejected) one;
                  return new Tuple2<>(rejection.place(), SampleRows.of(rejection.reject()));
                });
    new OrderedWrite(context, Table.REJECTS).write(rejected, KeyPartitioner.single());
  }

  /** One shuffle brings duplicates together and puts the samples in order. */
  private static long writeSamples(
      StageContext context, PoolLines rows, DistinctSamples.Reading reading, long accepted)
      throws IOException {
    JavaPairRDD<OrderKey, DistinctSamples.Found> found =
        rows.lines()
            .filter(line -> line.row() instanceof SampleRow.Accepted)
            .mapToPair(
                line ->
                    new Tuple2<>(
                        OrderKey.ofSample(
                            Inputs.poolOrder(), DistinctSamples.sample(line.row()).id()),
                        DistinctSamples.Found.of(line)));
    return new OrderedWrite(context, Table.SAMPLES)
        .write(found, KeyPartitioner.even(OrderedWrite.files(accepted)), reading::of);
  }

  /** The sources were read twice: what changed in between would be counted as something else. */
  private static void checkUnchanged(StageContext context, long duplicates) throws IOException {
    SortedMap<String, String> was =
        new TreeMap<>(context.folder().inputs(StageName.INGEST).orElseThrow().values());
    was.keySet().removeIf(name -> !name.startsWith(SOURCE));
    SortedMap<String, String> now = identities(context.sources().anew(), context.config().pool());
    List<String> changes = StageInputs.of(was).changesTo(StageInputs.of(now));
    if (!changes.isEmpty() || duplicates < 0) {
      String what =
          changes.isEmpty()
              ? String.join(", ", context.config().pool().sources()) + ": more rows than before"
              : String.join("\n    ", changes);
      throw new UserError(
          "Cannot use the pool: it changed while it was read:\n    " + what,
          "Run the same command again when nobody writes to it any more.");
    }
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
}

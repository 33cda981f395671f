package ai.icon.spark.source;

import ai.icon.error.UserError;
import ai.icon.sample.RowParser;
import ai.icon.sample.SampleReader;
import ai.icon.spark.config.AssessmentConfig;
import ai.icon.spark.config.PoolConfig;
import ai.icon.spark.rows.FileSystems;
import ai.icon.spark.run.HadoopSettings;
import ai.icon.spark.run.StageInputs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;

/**
 * Finds and reads the sources that settings name. Lives on the driver, for one job: a table's
 * identity is computed once, so that all stages of the job speak of the same one.
 */
public final class Sources {
  static final String TABLE = "table:";

  private static final Pattern TABLE_NAME = Pattern.compile("\\w+(\\.\\w+){1,2}");

  private final SparkSession spark;
  private final HadoopSettings hadoop;
  private final SourceRows rows;
  private final Map<String, String> tables = new ConcurrentHashMap<>();

  /**
   * @param spark the caller's
   * @param hadoop file system settings
   */
  public Sources(SparkSession spark, HadoopSettings hadoop) {
    this.spark = spark;
    this.hadoop = hadoop;
    this.rows = new SourceRows(spark);
  }

  /**
   * The pool's sources, in their order and by name within a pattern or folder.
   *
   * @param pool names paths, quoted patterns, folders, {@code table:NAME}, {@code db.table}
   * @throws UserError if one names nothing
   */
  public List<Source> pool(PoolConfig pool) {
    return resolve("the pool", pool.sources());
  }

  /**
   * Where an assessment set lies that is not drawn.
   *
   * @throws UserError if it names nothing
   */
  public List<Source> assessment(AssessmentConfig assessment) {
    return resolve("the assessment file", List.of(assessment.source()));
  }

  /**
   * What a fingerprint takes of a source: of files name, size and time; of a table what it holds,
   * for which it is read once.
   *
   * @throws UserError if there is no such table, or it cannot be read
   */
  public String identity(Source source) {
    List<SourceFile> files = source.files();
    if (files.isEmpty()) {
      return tables.computeIfAbsent(
          source.name(),
          name -> TABLE + name + " " + new TableContent(rows.table(source)).identity());
    }
    if (files.size() == 1) {
      return files.get(0).identity();
    }
    Map<String, String> each = new HashMap<>();
    files.forEach(file -> each.put(file.name(), file.identity()));
    return String.format(
        Locale.ROOT,
        "%s %d files, %d bytes, %s",
        source.name(),
        files.size(),
        files.stream().mapToLong(SourceFile::bytes).sum(),
        StageInputs.of(each).fingerprint());
  }

  /** The same, but a table is looked at anew: what is told of it then is what it holds now. */
  public Sources anew() {
    tables.keySet().forEach(rows::refresh);
    return new Sources(spark, hadoop);
  }

  /**
   * The rows of a Parquet source or a table, in no order; each knows its place.
   *
   * @throws UserError if there is no such table, or a file is no Parquet
   */
  public JavaRDD<SourceRow> rows(Source source) {
    return rows.of(source);
  }

  /**
   * Reads all rows on the driver, in their order; for a source that is small.
   *
   * @throws IOException if a file cannot be opened
   */
  public <R> void forEach(Source source, RowParser<R> parser, Consumer<R> each) throws IOException {
    if (source.kind() == Source.Kind.JSON) {
      try (SampleReader<R> reader = FilePiece.whole(source).open(hadoop, parser)) {
        reader.forEachRemaining(each);
      }
      return;
    }
    List<SourceRow> sorted = new ArrayList<>(rows(source).collect());
    sorted.sort(Comparator.comparingInt(SourceRow::part).thenComparingLong(SourceRow::line));
    sorted.forEach(
        row -> each.accept(parser.parse(source.partName(row.part()), row.line(), row.json())));
  }

  private List<Source> resolve(String role, List<String> named) {
    List<Source> sources = new ArrayList<>();
    for (String name : named) {
      if (name.startsWith(TABLE)) {
        sources.add(tableSource(role, name.substring(TABLE.length())));
        continue;
      }
      try {
        sources.addAll(files(role, name));
      } catch (IOException e) {
        throw new UserError(
            "Cannot read " + role + " " + name + ": " + e.getMessage(),
            "Check the path and the rights of the user who runs this.",
            e);
      }
    }
    return List.copyOf(sources);
  }

  private List<Source> files(String role, String name) throws IOException {
    Path path = new Path(name);
    FileSystem system = FileSystems.of(path, hadoop.configuration());
    FileStatus[] matches = system.globStatus(path);
    if (matches == null || matches.length == 0) {
      return List.of(knownTable(role, name));
    }
    List<Source> sources = new ArrayList<>();
    for (FileStatus match : DataFolder.sorted(matches)) {
      if (match.isDirectory()) {
        sources.addAll(new DataFolder(role, match, system).sources());
      } else {
        SourceFile file = SourceFile.of(match);
        boolean isParquet = DataFolder.isParquet(match, system);
        Source.Kind kind = isParquet ? Source.Kind.PARQUET : Source.Kind.JSON;
        sources.add(Source.of(role, kind, file));
      }
    }
    return sources;
  }

  /** What is no path may be a table, where its name has the form of one. */
  private Source knownTable(String role, String name) {
    boolean isName = TABLE_NAME.matcher(name).matches();
    if (isName && spark.catalog().tableExists(name)) {
      return tableSource(role, name);
    }
    throw new UserError(
        "Cannot read "
            + role
            + " "
            + name
            + ": there is no such file"
            + (isName ? ", and Spark's catalogue knows no table of that name." : "."),
        "Check the path; quote a pattern such as 'data/*.jsonl'; name a table as table:NAME.");
  }

  private static Source tableSource(String role, String name) {
    return new Source(role, Source.Kind.TABLE, name, "", List.of());
  }
}

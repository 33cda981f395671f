package ai.icon.spark.stage;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import ai.icon.spark.config.AssessmentConfig;
import ai.icon.spark.config.PoolConfig;
import ai.icon.spark.run.HadoopSettings;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * One place that samples come from.
 *
 * @param kind how it is read
 * @param name path or table name, as rows and messages carry it
 * @param bytes size, 0 for a table
 * @param modified last change in milliseconds since 1970, 0 for a table
 */
record PoolSource(Kind kind, String name, long bytes, long modified) implements Serializable {
  private static final String TABLE = "table:";
  private static final List<String> TEXT = List.of(".json", ".jsonl", ".json.gz", ".jsonl.gz");

  /** How a source is read. */
  enum Kind {
    /** A JSON array or JSON lines, gzipped or not: told apart by its first bytes. */
    JSON,
    /** A Parquet file, or a folder of them. */
    PARQUET,
    /** A table that Spark's catalogue knows. */
    TABLE
  }

  PoolSource {
    requireNonNull(kind, "kind");
    requireNonNull(name, "name");
  }

  /**
   * The pool's sources, in their order and by name within a pattern or folder.
   *
   * @param pool names paths, quoted patterns, folders, or {@code table:NAME}
   * @throws UserError if one names nothing
   */
  static List<PoolSource> resolvePool(PoolConfig pool, HadoopSettings hadoop) {
    return resolve("the pool", pool.sources(), hadoop);
  }

  /**
   * The files of an assessment set that is not drawn.
   *
   * @throws UserError if it names nothing
   */
  static List<PoolSource> resolveAssessment(AssessmentConfig assessment, HadoopSettings hadoop) {
    return resolve("the assessment file", List.of(assessment.source()), hadoop);
  }

  private static List<PoolSource> resolve(String what, List<String> named, HadoopSettings hadoop) {
    List<PoolSource> sources = new ArrayList<>();
    for (String name : named) {
      if (name.startsWith(TABLE)) {
        sources.add(new PoolSource(Kind.TABLE, name.substring(TABLE.length()), 0, 0));
        continue;
      }
      try {
        sources.addAll(files(what, name, hadoop));
      } catch (IOException e) {
        throw new UserError(
            "Cannot read " + what + " " + name + ": " + e.getMessage(),
            "Check the path and the rights of the user who runs this.",
            e);
      }
    }
    return List.copyOf(sources);
  }

  private static List<PoolSource> files(String what, String name, HadoopSettings hadoop)
      throws IOException {
    Path path = new Path(name);
    FileSystem system = path.getFileSystem(hadoop.configuration());
    FileStatus[] matches = system.globStatus(path);
    if (matches == null || matches.length == 0) {
      throw new UserError(
          "Cannot read " + what + " " + name + ": there is no such file.",
          "Check the path; quote a pattern such as 'data/*.jsonl'; name a table as table:NAME.");
    }
    List<PoolSource> sources = new ArrayList<>();
    for (FileStatus match : sorted(matches)) {
      sources.addAll(match.isDirectory() ? folder(what, match, system) : List.of(file(match)));
    }
    return sources;
  }

  private static List<PoolSource> folder(String what, FileStatus folder, FileSystem system)
      throws IOException {
    List<FileStatus> inside =
        sorted(system.listStatus(folder.getPath())).stream().filter(PoolSource::isData).toList();
    if (inside.isEmpty()) {
      throw new UserError(
          "Cannot read "
              + what
              + " "
              + folder.getPath()
              + ": no .parquet, .json, .jsonl or .gz in it.",
          "Name the files themselves, or the folder that holds them.");
    }
    return inside.stream().map(PoolSource::file).toList();
  }

  private static List<FileStatus> sorted(FileStatus[] files) {
    return Arrays.stream(files)
        .sorted(Comparator.comparing(status -> status.getPath().toString()))
        .toList();
  }

  private static boolean isData(FileStatus status) {
    String name = status.getPath().getName();
    boolean isKnown = name.endsWith(".parquet") || TEXT.stream().anyMatch(name::endsWith);
    return status.isFile() && isKnown && !name.startsWith("_") && !name.startsWith(".");
  }

  private static PoolSource file(FileStatus status) {
    String path =
        status.getPath().toUri().getScheme().equals("file")
            ? status.getPath().toUri().getPath()
            : status.getPath().toString();
    Kind kind = path.endsWith(".parquet") ? Kind.PARQUET : Kind.JSON;
    return new PoolSource(kind, path, status.getLen(), status.getModificationTime());
  }

  /**
   * The rows of a Parquet file or a table.
   *
   * @throws UserError if there is no such table, or the file is no Parquet
   */
  Dataset<Row> rows(SparkSession spark) {
    if (kind == Kind.TABLE && !spark.catalog().tableExists(name)) {
      throw new UserError(
          "Cannot read the pool " + TABLE + name + ": Spark's catalogue has no such table.",
          "Name a table or view of this session, or of the catalogue set by --conf.");
    }
    try {
      return kind == Kind.TABLE ? spark.table(name) : spark.read().parquet(name);
    } catch (Exception e) { // Spark's own are checked, but not declared.
      if (!(e instanceof SparkThrowable)) {
        throw e;
      }
      throw new UserError(
          "Cannot read the pool " + name + ": " + e.getMessage().lines().findFirst().orElse(""),
          "Check that it is Parquet; JSON is known by .json, .jsonl and .gz.",
          e);
    }
  }

  /** What a fingerprint takes of it: a file that was changed since is another input. */
  String identity() {
    return kind == Kind.TABLE ? TABLE + name : name + " " + bytes + " bytes, " + modified;
  }
}

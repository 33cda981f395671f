package ai.icon.spark.source;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;

/**
 * One place that rows come from.
 *
 * @param role what it is read as, for messages, such as {@code the pool}
 * @param kind how it is read
 * @param name file, folder or table
 * @param location the URI of the file or folder; empty for a table
 * @param files what lies there, in order; none of a table
 */
public record Source(String role, Kind kind, String name, String location, List<SourceFile> files)
    implements Serializable {

  /** How a source is read. */
  public enum Kind {
    /** A JSON array or JSON lines, gzipped or not: told apart by its first bytes. One file. */
    JSON,
    /** One Parquet file, or all of a folder as one table with its partition columns. */
    PARQUET,
    /** A table or view that Spark's catalogue knows. */
    TABLE
  }

  /** Copies the files and checks that a table has none and everything else some. */
  public Source {
    requireNonNull(role, "role");
    requireNonNull(name, "name");
    requireNonNull(location, "location");
    files = List.copyOf(files);
    if (files.isEmpty() != (kind == Kind.TABLE)) {
      throw new IllegalArgumentException(
          "Invalid source: " + kind + " must have files or be a table, got " + files);
    }
  }

  static Source of(String role, Kind kind, SourceFile file) {
    return new Source(role, kind, file.name(), file.location(), List.of(file));
  }

  /** How many parts rows can be of: its files, or one. */
  public int parts() {
    return Math.max(1, files.size());
  }

  /** What rows of a part are said to come from. */
  public String partName(int part) {
    return files.isEmpty() ? name : files.get(part).name();
  }
}

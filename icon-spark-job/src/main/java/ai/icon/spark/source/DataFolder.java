package ai.icon.spark.source;

import ai.icon.error.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * The data files of a folder, as Spark and Hive lay them out: those in the folder itself and in
 * {@code key=value} folders below it, whatever begins with a dot or an underscore left out.
 */
final class DataFolder {
  private static final List<String> TEXT = List.of(".json", ".jsonl", ".json.gz", ".jsonl.gz");
  private static final String PARQUET = ".parquet";
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private final String role;
  private final FileStatus folder;
  private final FileSystem system;

  DataFolder(String role, FileStatus folder, FileSystem system) {
    this.role = role;
    this.folder = folder;
    this.system = system;
  }

  /** A file is Parquet by its name, or by its first bytes where the name says nothing. */
  static boolean isParquet(FileStatus file, FileSystem system) throws IOException {
    String name = file.getPath().getName();
    return name.endsWith(PARQUET) || (name.indexOf('.') < 0 && hasMagic(file, system));
  }

  /**
   * One source for each JSON file and one for all Parquet files together, in the order of names.
   *
   * @throws UserError if there are none, or what lies there is more than its files
   */
  List<Source> sources() throws IOException {
    refuseLogged();
    List<FileStatus> parquet = new ArrayList<>();
    List<FileStatus> json = new ArrayList<>();
    collect(folder, parquet, json);
    if (parquet.isEmpty() && json.isEmpty()) {
      throw new UserError(
          "Cannot read "
              + role
              + " "
              + folder.getPath()
              + ": no .parquet, .json, .jsonl or .gz in it.",
          "Name the files themselves, or the folder that holds them.");
    }
    List<Source> sources = new ArrayList<>();
    for (FileStatus file : json) {
      sources.add(Source.of(role, Source.Kind.JSON, SourceFile.of(file)));
    }
    if (!parquet.isEmpty()) {
      sources.add(
          new Source(
              role,
              Source.Kind.PARQUET,
              SourceFile.of(folder).name(),
              folder.getPath().toString(),
              parquet.stream().map(SourceFile::of).toList()));
    }
    return sources;
  }

  private void collect(FileStatus inside, List<FileStatus> parquet, List<FileStatus> json)
      throws IOException {
    for (FileStatus entry : sorted(system.listStatus(inside.getPath()))) {
      String name = entry.getPath().getName();
      boolean isPartition = entry.isDirectory() && name.indexOf('=') > 0;
      if (name.startsWith(".") || (name.startsWith("_") && !isPartition)) {
        continue;
      }
      if (isPartition) {
        collect(entry, parquet, json);
      } else if (entry.isFile() && TEXT.stream().anyMatch(name::endsWith)) {
        refusePartitioned(inside, entry);
        json.add(entry);
      } else if (entry.isFile() && isParquet(entry, system)) {
        parquet.add(entry);
      }
    }
  }

  /** Of JSON, nothing would put the key of the folder into the rows: it would be lost. */
  private void refusePartitioned(FileStatus inside, FileStatus file) {
    if (!inside.getPath().equals(folder.getPath())) {
      throw new UserError(
          "Cannot read "
              + role
              + " "
              + folder.getPath()
              + ": "
              + file.getPath()
              + " is JSON, and "
              + inside.getPath().getName()
              + " is a column that only Parquet gets from its folder.",
          "Write the folder as Parquet, or name the files by a pattern to read them without it.");
    }
  }

  /** A folder with a log holds files that were deleted: only the log tells which. */
  private void refuseLogged() throws IOException {
    for (FileStatus entry : system.listStatus(folder.getPath())) {
      if (entry.isDirectory() && entry.getPath().getName().equals("_delta_log")) {
        throw new UserError(
            "Cannot read " + role + " " + folder.getPath() + ": it is a Delta table, not a folder.",
            "Name it as 'table:delta.`" + folder.getPath() + "`', with Delta's jars on Spark.");
      }
    }
  }

  static List<FileStatus> sorted(FileStatus[] files) {
    return Arrays.stream(files)
        .sorted(Comparator.comparing(status -> status.getPath().toString()))
        .toList();
  }

  private static boolean hasMagic(FileStatus file, FileSystem system) throws IOException {
    if (file.getLen() < MAGIC.length) {
      return false;
    }
    byte[] first = new byte[MAGIC.length];
    try (FSDataInputStream in = system.open(file.getPath())) {
      in.readFully(first);
    }
    return Arrays.equals(first, MAGIC);
  }
}

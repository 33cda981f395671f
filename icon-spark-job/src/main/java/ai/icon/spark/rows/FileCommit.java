package ai.icon.spark.rows;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How a file comes to be in a run folder whole or not at all. A file is written somewhere else
 * first, where no reader of the folder meets it, and then put in place. Two writers of one file
 * write the same content, so that either may be last. Safe for several threads.
 */
public sealed interface FileCommit permits RenameCommit, ObjectCommit {
  /** The setting of the file systems that chooses: auto, rename or object. */
  String SETTING = "icon.commit";

  /** Schemes whose rename is a copy that others can see half done. */
  Set<String> OBJECT_STORES =
      Set.of(
          "s3", "s3a", "s3n", "gs", "abfs", "abfss", "wasb", "wasbs", "oss", "cosn", "obs", "oci",
          "swift", "dbfs");

  /**
   * The way for the file system of a path: object stores by their scheme, all others by renaming;
   * {@value #SETTING} overrules.
   *
   * @param hadoop settings to write with; a {@link Fence} in them is kept
   * @throws IOException if the file system cannot be opened, or the setting is none of the three
   */
  static FileCommit of(Configuration hadoop, Path path) throws IOException {
    FileSystem files = path.getFileSystem(hadoop);
    String wanted = hadoop.get(SETTING, "auto").toLowerCase(Locale.ROOT);
    return switch (wanted) {
      case "rename" -> new RenameCommit(hadoop, files);
      case "object" -> new ObjectCommit(hadoop, files);
      case "auto" ->
          OBJECT_STORES.contains(files.getUri().getScheme())
              ? new ObjectCommit(hadoop, files)
              : new RenameCommit(hadoop, files);
      default ->
          throw new IOException(
              "Invalid setting " + SETTING + ": must be auto, rename or object, got " + wanted);
    };
  }

  /**
   * Where to write a file first.
   *
   * @param attempt what tells two writers of one target apart, such as a task attempt's id
   */
  Path staged(Path target, String attempt);

  /**
   * Puts a staged file in place; one of that name is replaced.
   *
   * @throws ai.icon.error.ResourceError if another driver has taken the run over
   * @throws IOException if it could not be put in place; nothing half is there then
   */
  void publish(Path staged, Path target) throws IOException;

  /** Removes a staged file that is not wanted; nothing happens if there is none. */
  void discard(Path staged) throws IOException;

  /** Writes a small file whole; one of that name is replaced. Throws as {@link #publish}. */
  void put(Path target, byte[] content) throws IOException;

  /**
   * Writes a small file unless there is one of that name.
   *
   * @return whether it was written
   */
  boolean createIfAbsent(Path target, byte[] content) throws IOException;

  /**
   * Whether of two that create a file at the same time exactly one is told so. Where not, the last
   * one's content stays, and who needs to know reads it back.
   */
  boolean isExclusive();
}

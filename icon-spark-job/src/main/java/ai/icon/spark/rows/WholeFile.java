package ai.icon.spark.rows;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Files that appear whole or not at all: written beside their target under a name that readers pass
 * over (Spark, pyarrow and a {@code *.parquet} glob alike), then renamed.
 */
public final class WholeFile {
  private static final String TMP = "_tmp.";

  private WholeFile() {}

  /**
   * The settings to write with: on a local disk without checksum files beside the data. A data file
   * and its checksum cannot be renamed in one step, and a process killed between the two would
   * leave a good file that Hadoop refuses to read.
   *
   * @return a changed copy
   */
  public static Configuration settings(Configuration hadoop) {
    Configuration copy = new Configuration(hadoop);
    copy.setClass("fs.file.impl", PlainLocalFileSystem.class, FileSystem.class);
    copy.setBoolean("fs.file.impl.disable.cache", true);
    return copy;
  }

  /**
   * Where to write first.
   *
   * @param attempt what tells two writers of one target apart, such as a task attempt's id
   */
  public static Path tmp(Path target, String attempt) {
    return new Path(target.getParent(), TMP + target.getName() + "." + attempt);
  }

  /** Whether a file name is one of {@link #tmp}. */
  public static boolean isTmp(String name) {
    return name.startsWith(TMP);
  }

  /**
   * Renames a finished file into place; a file of that name is replaced. In one step on a local
   * disk and on HDFS; on an object store readers may see neither for a moment, never half of one.
   *
   * @throws IOException if the file could not be renamed; it is then still under its first name
   */
  public static void publish(Configuration hadoop, Path tmp, Path target) throws IOException {
    if (!renamed(target.getFileSystem(hadoop), tmp, target)) {
      FileContext.getFileContext(target.toUri(), hadoop)
          .rename(tmp, target, Options.Rename.OVERWRITE);
    }
  }

  private static boolean renamed(FileSystem files, Path tmp, Path target) throws IOException {
    try {
      return files.rename(tmp, target);
    } catch (FileAlreadyExistsException e) {
      return false; // object stores say so where HDFS returns false
    }
  }
}

package ai.icon.spark.run;

import ai.icon.error.UserError;
import ai.icon.spark.rows.FileSystems;
import ai.icon.spark.rows.WholeFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A place that is to be a run folder: refused before anything is written there. */
final class RunPlace {
  static final String OTHER_OUT = "Choose another folder with --out";

  private final Path root;
  private final Configuration hadoop;

  RunPlace(Path root, Configuration hadoop) {
    this.root = root;
    this.hadoop = hadoop;
  }

  /**
   * The place with its scheme.
   *
   * @throws UserError if Hadoop cannot open it, naming the jar of a store that is missing
   * @throws ai.icon.error.ResourceError if nobody answers there
   */
  static Path qualified(String location, Configuration hadoop) {
    try {
      Path path = new Path(location);
      return FileSystems.of(path, hadoop).makeQualified(path);
    } catch (IllegalArgumentException | IOException e) {
      throw new UserError(
          "Invalid run folder: must be a path that Hadoop can open, got "
              + location
              + ": "
              + e.getMessage(),
          OTHER_OUT,
          e);
    }
  }

  /** Refuses a place that holds other things, or that cannot be a folder. */
  void check() {
    try {
      refuseOthers();
      refuseFileAbove();
    } catch (IOException e) {
      throw failure("Cannot use run folder " + root, root, e);
    }
  }

  private void refuseOthers() throws IOException {
    FileSystem files = root.getFileSystem(hadoop);
    FileStatus[] children;
    try {
      if (files.getFileStatus(root).isFile()) {
        throw new UserError("Cannot use " + root + " as run folder: it is a file", OTHER_OUT);
      }
      children = files.listStatus(root);
    } catch (FileNotFoundException e) {
      return;
    }
    List<String> names =
        Arrays.stream(children)
            .map(child -> child.getPath().getName())
            .filter(name -> !WholeFile.isTmp(name)) // what a killed check of the folder left
            .sorted()
            .toList();
    if (!names.isEmpty() && !names.contains(RunFolder.OWN)) {
      throw new UserError(
          "Cannot use %s as run folder: it is not empty and holds no run: %s%s"
              .formatted(
                  root,
                  names.stream().limit(3).collect(Collectors.joining(", ")),
                  names.size() > 3 ? " and " + (names.size() - 3) + " more" : ""),
          OTHER_OUT + " that is new or empty");
    }
  }

  private void refuseFileAbove() throws IOException {
    FileSystem files = root.getFileSystem(hadoop);
    Path above = root;
    while (above != null && !files.exists(above)) {
      above = above.getParent();
    }
    if (above != null && files.getFileStatus(above).isFile()) {
      throw new UserError(
          "Cannot write to run folder " + root + ": " + above + " is a file", OTHER_OUT);
    }
  }

  /** The user's error that a failure there is, or that of who runs the file system. */
  static RuntimeException failure(String what, Path root, IOException e) {
    return FileSystems.isUnreachable(e)
        ? FileSystems.unreachable(root, e)
        : new UserError(what + ": " + reason(e), OTHER_OUT, e);
  }

  static String reason(IOException e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}

package ai.icon.spark.submit;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How a driver that ran elsewhere has ended. spark-submit may exit with 0 although a driver in
 * cluster mode failed, and a run folder's status may be that of an earlier command; the receipt is
 * of one submission. It lies in the run folder, which both sides reach, until it is read.
 *
 * @param exitCode of the job
 * @param out what it wrote to standard output
 * @param err its messages
 */
public record Receipt(int exitCode, String out, String err) {
  /** The system property that asks a driver for a receipt: the file's path or URI. */
  public static final String PROPERTY = "icon.receipt";

  private static final String OWN = "_icon";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Checks that nothing is null. */
  public Receipt {
    requireNonNull(out, "out");
    requireNonNull(err, "err");
  }

  /** The file of a submission's receipt. */
  static String file(String run, String submission) {
    return run + (run.endsWith("/") ? "" : "/") + OWN + "/submissions/" + submission + ".json";
  }

  /**
   * Writes it, unless the run folder is none: a job that refused somebody's own folder leaves
   * nothing there.
   */
  public void write(String file, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    FileSystem files = path.getFileSystem(hadoop);
    if (isForeign(files, path.getParent().getParent().getParent())) {
      return;
    }
    try (OutputStream stream = files.create(path, true)) {
      stream.write(JSON.writeValueAsBytes(this));
    }
  }

  private static boolean isForeign(FileSystem files, Path run) throws IOException {
    try {
      Path[] names =
          Arrays.stream(files.listStatus(run)).map(one -> one.getPath()).toArray(Path[]::new);
      return names.length > 0 && Arrays.stream(names).noneMatch(one -> one.getName().equals(OWN));
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  /** Reads a receipt and removes it, with the folders that it alone had filled. */
  public static Optional<Receipt> take(String file, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    FileSystem files = path.getFileSystem(hadoop);
    Receipt receipt;
    try (InputStream stream = files.open(path)) {
      receipt = JSON.readValue(stream.readAllBytes(), Receipt.class);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    files.delete(path, false);
    Path folder = path.getParent();
    for (int i = 0; i < 3 && files.listStatus(folder).length == 0; i++) {
      files.delete(folder, false);
      folder = folder.getParent();
    }
    return Optional.of(receipt);
  }
}

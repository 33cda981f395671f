package ai.icon.spark.rows;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local disk under the scheme {@code worn}: some of the files of one shard cannot be made. */
public final class WornFileSystem extends RawLocalFileSystem {
  /** How often it fails yet; shared by all instances in the process. */
  public static final AtomicInteger FAILURES = new AtomicInteger();

  private static final String STRUCK = "pairs/_tmp.part-00002.parquet";

  @Override
  public URI getUri() {
    return URI.create("worn:///");
  }

  @Override
  public String getScheme() {
    return "worn";
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    wear(file);
    return super.create(file, permission, overwrite, buffer, replication, block, progress);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    wear(file);
    return super.create(file, overwrite, buffer, replication, block, progress);
  }

  private static void wear(Path file) throws IOException {
    if (file.toString().contains(STRUCK) && FAILURES.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new IOException("Input/output error: " + file.getName());
    }
  }

  @Override
  protected void checkPath(Path path) {
    // Of this scheme or of none: both are the same disk.
  }
}

package ai.icon.spark.rows;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local disk under a scheme of its own, where something goes wrong when files are made. */
abstract class DisturbedFileSystem extends RawLocalFileSystem {
  /** Makes the file. */
  interface Creation {
    FSDataOutputStream create() throws IOException;
  }

  /** Asked by the constructor above already: a constant. */
  @Override
  public abstract String getScheme();

  /** Makes a file, or does not. */
  abstract FSDataOutputStream disturbed(Path file, Creation creation) throws IOException;

  @Override
  public URI getUri() {
    return URI.create(getScheme() + ":///");
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
    return disturbed(
        file,
        () -> super.create(file, permission, overwrite, buffer, replication, block, progress));
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
    return disturbed(
        file, () -> super.create(file, overwrite, buffer, replication, block, progress));
  }

  @Override
  protected void checkPath(Path path) {
    // Of this scheme or of none: both are the same disk.
  }
}

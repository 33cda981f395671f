package ai.icon.spark.rows;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local disk under the scheme {@code quota}, with room for so many bytes that are written. */
public final class QuotaFileSystem extends RawLocalFileSystem {
  /** What is left; shared by all instances in the process. */
  public static final AtomicLong ROOM = new AtomicLong(Long.MAX_VALUE);

  private static final URI NAME = URI.create("quota:///");

  /** Settings that know the scheme. */
  public static Configuration settings() {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.quota.impl", QuotaFileSystem.class, FileSystem.class);
    hadoop.setBoolean("fs.quota.impl.disable.cache", true);
    return hadoop;
  }

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public String getScheme() {
    return "quota";
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
    return limited(super.create(file, permission, overwrite, buffer, replication, block, progress));
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
    return limited(super.create(file, overwrite, buffer, replication, block, progress));
  }

  private static FSDataOutputStream limited(OutputStream out) throws IOException {
    return new FSDataOutputStream(new Limited(out), null);
  }

  @Override
  protected void checkPath(Path path) {
    // Of this scheme or of none: both are the same disk.
  }

  @Override
  public FileStatus getFileStatus(Path file) throws IOException {
    return super.getFileStatus(file);
  }

  private static final class Limited extends OutputStream {
    private final OutputStream out;

    Limited(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (ROOM.addAndGet(-length) < 0) {
        throw new IOException("No space left on device");
      }
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}

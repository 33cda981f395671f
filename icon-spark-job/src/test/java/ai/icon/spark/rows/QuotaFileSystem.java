package ai.icon.spark.rows;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The local disk under the scheme {@code quota}, with room for so many bytes that are written. */
public final class QuotaFileSystem extends DisturbedFileSystem {
  /** What is left; shared by all instances in the process. */
  public static final AtomicLong ROOM = new AtomicLong(Long.MAX_VALUE);

  /** Settings that know the scheme. */
  public static Configuration settings() {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.quota.impl", QuotaFileSystem.class, FileSystem.class);
    hadoop.setBoolean("fs.quota.impl.disable.cache", true);
    return hadoop;
  }

  @Override
  public String getScheme() {
    return "quota";
  }

  @Override
  FSDataOutputStream disturbed(Path file, Creation creation) throws IOException {
    return new FSDataOutputStream(new Limited(creation.create()), null);
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

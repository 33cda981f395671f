package ai.icon.spark.executor;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** This machine's files under another scheme; counts what is opened. Hadoop makes it by name. */
public final class CountedFileSystem extends RawLocalFileSystem {
  private static final AtomicInteger OPENED = new AtomicInteger();
  private static final AtomicLong LONGER = new AtomicLong();

  static void reset() {
    OPENED.set(0);
    LONGER.set(0);
  }

  static int opened() {
    return OPENED.get();
  }

  /** Every file is said to have so many bytes more than it has. */
  static void pretendLonger(long bytes) {
    LONGER.set(bytes);
  }

  @Override
  public URI getUri() {
    return URI.create("counted:///");
  }

  @Override
  public String getScheme() {
    return "counted";
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    OPENED.incrementAndGet();
    return super.open(file, bufferSize);
  }

  @Override
  public FileStatus[] listStatus(Path folder) throws IOException {
    FileStatus[] found = super.listStatus(folder);
    for (int i = 0; i < found.length; i++) {
      FileStatus file = found[i];
      found[i] =
          new FileStatus(
              file.getLen() + LONGER.get(),
              file.isDirectory(),
              1,
              1,
              file.getModificationTime(),
              file.getPath());
    }
    return found;
  }
}

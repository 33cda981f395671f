package ai.icon.spark.rows;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/** The local disk under the scheme {@code worn}: some of the files of one shard cannot be made. */
public final class WornFileSystem extends DisturbedFileSystem {
  /** How often it fails yet; shared by all instances in the process. */
  public static final AtomicInteger FAILURES = new AtomicInteger();

  private static final String STRUCK = "pairs/_tmp.part-00002.parquet";

  @Override
  public String getScheme() {
    return "worn";
  }

  @Override
  FSDataOutputStream disturbed(Path file, Creation creation) throws IOException {
    if (file.toString().contains(STRUCK) && FAILURES.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new IOException("Input/output error: " + file.getName());
    }
    return creation.create();
  }
}

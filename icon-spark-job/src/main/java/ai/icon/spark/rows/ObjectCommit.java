package ai.icon.spark.rows;

import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes to the machine's own disk, then uploads the whole object under its final name; renames
 * nothing. An object appears when its upload is complete, so that an attempt that ends early leaves
 * nothing in the store.
 */
record ObjectCommit(Configuration hadoop, FileSystem files) implements FileCommit {
  @Override
  public Path staged(Path target, String attempt) {
    String name = "icon-" + UUID.randomUUID() + "-" + attempt + "-" + target.getName();
    return new Path(java.nio.file.Path.of(System.getProperty("java.io.tmpdir"), name).toUri());
  }

  @Override
  public void publish(Path staged, Path target) throws IOException {
    Fence.check(hadoop);
    FullDisk.told(
        target,
        () -> {
          files.copyFromLocalFile(false, true, staged, target);
          return target;
        });
    discard(staged);
  }

  @Override
  public void discard(Path staged) throws IOException {
    staged.getFileSystem(hadoop).delete(staged, false);
  }

  @Override
  public void put(Path target, byte[] content) throws IOException {
    Fence.check(hadoop);
    FullDisk.told(target, () -> write(files.create(target, true), content));
  }

  @Override
  public boolean createIfAbsent(Path target, byte[] content) throws IOException {
    Fence.check(hadoop);
    try {
      return FullDisk.told(target, () -> write(files.create(target, false), content));
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static boolean write(OutputStream open, byte[] content) throws IOException {
    try (OutputStream out = open) {
      out.write(content);
    }
    return true;
  }

  /** Connectors look first and upload then; few can ask the store to refuse. */
  @Override
  public boolean isExclusive() {
    return false;
  }
}

package ai.icon.spark.rows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes beside the target under a name that readers pass over, then renames: in one step on a
 * local disk and on HDFS.
 */
record RenameCommit(Configuration hadoop, FileSystem files) implements FileCommit {
  @Override
  public Path staged(Path target, String attempt) {
    return WholeFile.tmp(target, attempt);
  }

  @Override
  public void publish(Path staged, Path target) throws IOException {
    Fence.check(hadoop);
    FullDisk.told(
        target,
        () -> {
          WholeFile.publish(hadoop, staged, target);
          return target;
        });
  }

  @Override
  public void discard(Path staged) throws IOException {
    files.delete(staged, false);
  }

  @Override
  public void put(Path target, byte[] content) throws IOException {
    Path staged = staged(target, UUID.randomUUID().toString());
    boolean whole = false;
    try {
      FullDisk.told(target, () -> write(files.create(staged, true), content));
      publish(staged, target);
      whole = true;
    } finally {
      if (!whole) {
        discard(staged);
      }
    }
  }

  @Override
  public boolean createIfAbsent(Path target, byte[] content) throws IOException {
    Fence.check(hadoop);
    if (isLocal()) {
      java.nio.file.Path file = java.nio.file.Path.of(target.toUri().getPath());
      return FullDisk.told(target, () -> createLocally(file, content));
    }
    try {
      return FullDisk.told(target, () -> write(files.create(target, false), content));
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  @Override
  public boolean isExclusive() {
    return true;
  }

  /** Hadoop's local file system looks first and creates then: two could both be the first. */
  private static boolean createLocally(java.nio.file.Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    OutputStream out;
    try {
      out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (java.nio.file.FileAlreadyExistsException e) {
      return false;
    }
    boolean whole = false;
    try {
      whole = write(out, content);
      return true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static boolean write(OutputStream open, byte[] content) throws IOException {
    try (OutputStream out = open) {
      out.write(content);
    }
    return true;
  }

  private boolean isLocal() {
    return files.getUri().getScheme().equals("file");
  }
}

package ai.icon.djl;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A lock between the processes of one machine, and between the threads of each. It is a file, which
 * stays; the system frees the lock of a process that dies.
 */
public final class NodeLock {
  private static final long RETRY_MILLIS = 50;

  private NodeLock() {}

  /** What is done under the lock. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /**
   * Works while nobody else has the lock.
   *
   * @param file made if it is not there; its folder must be
   * @throws IOException if the file cannot be made or locked, or the work throws it
   * @throws IllegalStateException if the thread is interrupted while it waits; it still is then
   */
  public static <T> T holding(Path file, Work<T> work) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (!isLocked(channel)) {
        Thread.sleep(RETRY_MILLIS);
      }
      return work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot wait for the lock " + file + ": interrupted", e);
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null; // given back when the channel closes
    } catch (OverlappingFileLockException e) {
      return false; // another thread of this process has it
    }
  }
}

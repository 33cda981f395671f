package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Maps a part of a file of weights that was checked when it was opened. */
final class FileRange {
  private FileRange() {}

  /**
   * The bytes of a tensor, or some of them.
   *
   * @param tensor for messages
   * @param from first byte, from the start of the file
   * @param bytes length, at most 2^31-1
   * @return read-only, direct, little-endian
   * @throws UserError if the file cannot be read any more or has shrunk
   */
  static ByteBuffer map(Path file, String tensor, long from, long bytes) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < from + bytes) {
        throw Unreadable.weights(
            file,
            "it has shrunk to %d bytes since it was opened, tensor '%s' needs %d"
                .formatted(channel.size(), tensor, from + bytes));
      }
      return channel.map(MapMode.READ_ONLY, from, bytes).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw Unreadable.file(file, e);
    }
  }
}

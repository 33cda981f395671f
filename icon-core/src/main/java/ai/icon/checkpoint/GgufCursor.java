package ai.icon.checkpoint;

import ai.icon.error.UserError;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads a GGUF's header from front to back. No length that the file claims is believed: each is
 * held against the bytes that are left before anything is allocated.
 */
final class GgufCursor {
  /** Largest header that is read: real ones, with 260,000 tokens, have some 10 MB. */
  private static final long MOST_BYTES = 1L << 28;

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final FileChannel channel;
  private final long size;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private long filled;

  /**
   * @param channel stays open while this is used; its owner closes it
   */
  GgufCursor(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.size = channel.size();
  }

  /** Bytes of the file. */
  long size() {
    return size;
  }

  /** Bytes read so far. */
  long position() {
    return filled - buffer.remaining();
  }

  byte int8(String what) {
    need(Byte.BYTES, what);
    return buffer.get();
  }

  short int16(String what) {
    need(Short.BYTES, what);
    return buffer.getShort();
  }

  int int32(String what) {
    need(Integer.BYTES, what);
    return buffer.getInt();
  }

  long int64(String what) {
    need(Long.BYTES, what);
    return buffer.getLong();
  }

  /**
   * A number of things that follow.
   *
   * @param bytesEach least bytes that each takes
   * @throws UserError if the file has no room for so many
   */
  int count(long bytesEach, String what) {
    long count = int64(what);
    long left = Math.min(size, MOST_BYTES) - position();
    if (count < 0 || count > left / bytesEach) {
      throw damaged(
          "%s is %s, but %d bytes are left for them"
              .formatted(what, Long.toUnsignedString(count), Math.max(0, left)));
    }
    return (int) count;
  }

  /** A text with its length in front. */
  String text(String what) {
    byte[] bytes = new byte[count(1, "the length of " + what)];
    int at = 0;
    while (at < bytes.length) {
      need(1, what);
      int some = Math.min(bytes.length - at, buffer.remaining());
      buffer.get(bytes, at, some);
      at += some;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw damaged(what + " is no UTF-8", e);
    }
  }

  /** The bytes are not what the format demands. */
  UserError damaged(String why) {
    return Unreadable.weights(file, why);
  }

  private UserError damaged(String why, Exception cause) {
    return Unreadable.weights(file, why, cause);
  }

  private void need(int bytes, String what) {
    if (buffer.remaining() >= bytes) {
      return;
    }
    if (position() + bytes > Math.min(size, MOST_BYTES)) {
      throw damaged(
          size < MOST_BYTES
              ? "it has %d bytes and ends inside %s: the file is cut short".formatted(size, what)
              : "its header is longer than %d bytes, at %s".formatted(MOST_BYTES, what));
    }
    try {
      fill(bytes);
    } catch (IOException e) {
      throw Unreadable.file(file, e);
    }
  }

  private void fill(int bytes) throws IOException {
    buffer.compact();
    while (buffer.position() < bytes) {
      int read = channel.read(buffer, filled);
      if (read < 0) {
        throw new EOFException("ended at byte " + filled);
      }
      filled += read;
    }
    buffer.flip();
  }
}

package ai.icon.sample;

import static ai.icon.sample.RejectReason.CORRUPT_GZIP;
import static ai.icon.sample.RejectReason.TRUNCATED_GZIP;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The bytes of a file, unpacked where it starts as gzip does, without a byte order mark, with the
 * line that the next byte stands on. Damaged gzip ends the bytes early and is kept as a fault.
 */
final class SourceBytes implements AutoCloseable {
  static final int END = -1;

  private static final int BUFFER = 1 << 16;

  private final String source;
  private final boolean gzip;
  private final byte[] buffer = new byte[BUFFER];
  private InputStream in;
  private boolean opened;
  private boolean ended;
  private int position;
  private int filled;
  private long line;
  private Optional<UnusableRow> fault = Optional.empty();

  SourceBytes(InputStream raw, String source) throws IOException {
    this.source = source;
    in = new MemberAwareStream(raw);
    in.mark(2);
    gzip = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    line = 1;
    skipByteOrderMark();
  }

  /** Bytes from the middle of a file that is not packed. */
  private SourceBytes(InputStream raw, String source, long line) {
    this.source = source;
    this.in = raw;
    this.gzip = false;
    this.line = line;
  }

  /**
   * Bytes that begin with a line of a file that is not packed.
   *
   * @param line which line of the file, from 1
   */
  static SourceBytes fromLine(InputStream raw, String source, long line) {
    return new SourceBytes(raw, source, line);
  }

  /** The next byte, or {@link #END}. */
  int read() {
    int b = peek();
    if (b != END) {
      position++;
      if (b == '\n') {
        line++;
      }
    }
    return b;
  }

  /** The next byte, left where it is, or {@link #END}. */
  int peek() {
    if (position == filled) {
      fill();
    }
    return position == filled ? END : buffer[position] & 0xff;
  }

  /** Skips JSON's white space; the next byte is another or {@link #END}. */
  void skipSpace() {
    for (int b = peek(); b == ' ' || b == '\t' || b == '\r' || b == '\n'; b = peek()) {
      read();
    }
  }

  /** The line of the next byte, from 1. */
  long line() {
    return line;
  }

  /** Why the bytes ended before their time, said once; empty where they did not. */
  Optional<UnusableRow> takeFault() {
    Optional<UnusableRow> taken = fault;
    fault = Optional.empty();
    return taken;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void skipByteOrderMark() {
    if (peek() == 0xef && filled >= 3 && (buffer[1] & 0xff) == 0xbb && (buffer[2] & 0xff) == 0xbf) {
      position = 3;
    }
  }

  /** Fills the whole buffer, so that a byte order mark never lies across two. */
  private void fill() {
    position = 0;
    filled = 0;
    try {
      if (gzip && !opened) {
        opened = true;
        in = new GZIPInputStream(in, BUFFER);
      }
      while (!ended && filled < BUFFER) {
        int count = in.read(buffer, filled, BUFFER - filled);
        ended = count < 0;
        filled += Math.max(count, 0);
      }
    } catch (EOFException e) {
      end(TRUNCATED_GZIP, "the compressed file ends in the middle of its data", e);
    } catch (ZipException e) {
      end(CORRUPT_GZIP, "the compressed data are damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** What was unpacked before the damage stays in the buffer and is read. */
  private void end(RejectReason reason, String why, IOException cause) {
    if (!gzip) {
      throw broken(cause);
    }
    ended = true;
    fault =
        Optional.of(
            new UnusableRow(reason, "Cannot read on: " + why + "; what follows is not counted"));
  }

  private UncheckedIOException broken(IOException cause) {
    return new UncheckedIOException(
        "Cannot read " + source + " on from line " + line + ": " + cause.getMessage(), cause);
  }

  /**
   * GZIPInputStream looks for a further member only where available() is above 0, which streams of
   * remote files answer as they like; here it is above 0 exactly when a byte follows.
   */
  private static final class MemberAwareStream extends BufferedInputStream {
    MemberAwareStream(InputStream in) {
      super(in, BUFFER);
    }

    @Override
    public synchronized int available() throws IOException {
      if (pos < count) {
        return count - pos;
      }
      mark(1);
      boolean follows = read() >= 0;
      reset();
      return follows ? 1 : 0;
    }
  }
}

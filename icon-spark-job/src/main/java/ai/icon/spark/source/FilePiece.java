package ai.icon.spark.source;

import static java.util.Objects.requireNonNull;

import ai.icon.sample.RowParser;
import ai.icon.sample.SampleReader;
import ai.icon.spark.rows.FileSystems;
import ai.icon.spark.run.HadoopSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * What one task reads of a JSON source: all of its file, or some of the lines of a large one.
 *
 * @param source with the file
 * @param from where its first line begins, bytes
 * @param to behind the end of its last line, bytes; {@link #END} for the end of the file
 * @param line number of its first line in the file, from 1
 */
public record FilePiece(Source source, long from, long to, long line) implements Serializable {
  static final long END = Long.MAX_VALUE;

  /** Checks that it is a piece. */
  public FilePiece {
    requireNonNull(source, "source");
    if (from < 0 || from > to || line < 1) {
      throw new IllegalArgumentException(
          "Invalid piece of %s: bytes %d to %d, line %d".formatted(source.name(), from, to, line));
    }
  }

  static FilePiece whole(Source source) {
    return new FilePiece(source, 0, END, 1);
  }

  /**
   * Opens it, on the driver or an executor.
   *
   * @throws IOException if it cannot be opened
   */
  public <R> SampleReader<R> open(HadoopSettings hadoop, RowParser<R> parser) throws IOException {
    FSDataInputStream file = open(source, hadoop);
    try {
      file.seek(from);
      InputStream bytes = to == END ? file : new Limited(file, to - from);
      return from == 0
          ? new SampleReader<>(bytes, source.name(), parser)
          : SampleReader.ofLines(bytes, source.name(), line, parser);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  static FSDataInputStream open(Source json, HadoopSettings hadoop) throws IOException {
    Path path = new Path(json.files().get(0).location());
    return FileSystems.of(path, hadoop.configuration()).open(path);
  }

  /** The beginning of a stream. */
  private static final class Limited extends InputStream {
    private final InputStream in;
    private long left;

    Limited(InputStream in, long bytes) {
      this.in = in;
      this.left = bytes;
    }

    @Override
    public int read() throws IOException {
      int next = left > 0 ? in.read() : -1;
      left -= next < 0 ? 0 : 1;
      return next;
    }

    @Override
    public int read(byte[] bytes, int at, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(bytes, at, (int) Math.min(length, left));
      left -= Math.max(count, 0);
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}

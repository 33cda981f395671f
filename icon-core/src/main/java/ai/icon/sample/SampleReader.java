package ai.icon.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Reads a file of rows one by one, in memory that does not grow with the file: a JSON array or JSON
 * Lines, known by the first byte that is not white space, either of them gzipped (several members
 * too), known by gzip's first bytes. A byte order mark is skipped; a file without rows has none. No
 * row is lost: what cannot be read comes as a reject, and where a file breaks off, one reject
 * stands for the rest. Not for use by several threads.
 *
 * @param <R> {@link SampleRow} or {@link AssessedRow}
 */
public final class SampleReader<R> implements Iterator<R>, AutoCloseable {
  private final String source;
  private final RowParser<R> parser;
  private final SourceBytes bytes;
  private final RowSplitter rows;
  private Optional<RawRow> next;

  /**
   * Opens a file; the reader owns the stream from here.
   *
   * @param in the file's bytes
   * @param source its name, for messages and output
   * @param parser what reads the rows
   * @throws UncheckedIOException if the stream cannot be read; so do the other methods
   */
  public SampleReader(InputStream in, String source, RowParser<R> parser) {
    this.source = source;
    this.parser = parser;
    try {
      this.bytes = new SourceBytes(in, source);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + source + ": " + e.getMessage(), e);
    }
    this.rows = RowSplitter.of(bytes);
    this.next = rows.next();
  }

  private SampleReader(SourceBytes bytes, String source, RowParser<R> parser) {
    this.source = source;
    this.parser = parser;
    this.bytes = bytes;
    this.rows = new LineSplitter(bytes);
    this.next = rows.next();
  }

  /**
   * Opens a piece of a file of JSON Lines that is not packed: whole lines of it.
   *
   * @param in the bytes of those lines; the reader owns it
   * @param source the file's name
   * @param firstLine which line of the file comes first, from 1
   * @param parser what reads the rows
   * @throws UncheckedIOException if the stream cannot be read; so do the other methods
   */
  public static <R> SampleReader<R> ofLines(
      InputStream in, String source, long firstLine, RowParser<R> parser) {
    return new SampleReader<>(SourceBytes.fromLine(in, source, firstLine), source, parser);
  }

  @Override
  public boolean hasNext() {
    return next.isPresent();
  }

  @Override
  public R next() {
    RawRow row = next.orElseThrow(() -> new NoSuchElementException("No row is left in " + source));
    R read = read(row);
    next = rows.next();
    return read;
  }

  @Override
  public void close() {
    try {
      bytes.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close " + source + ": " + e.getMessage(), e);
    }
  }

  private R read(RawRow row) {
    if (row instanceof RawRow.Broken broken) {
      return reject(row.line(), broken.bytes(), broken.fault());
    }
    byte[] whole = ((RawRow.Whole) row).bytes();
    try {
      return parser.parse(source, row.line(), Texts.decode(whole));
    } catch (UnusableRow e) {
      return reject(row.line(), whole, e);
    }
  }

  private R reject(long line, byte[] raw, UnusableRow fault) {
    return parser.rejected(
        fault.at(source, line, new String(raw, StandardCharsets.UTF_8).stripTrailing()));
  }
}

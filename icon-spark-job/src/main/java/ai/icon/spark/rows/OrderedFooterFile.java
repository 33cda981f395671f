package ai.icon.spark.rows;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A Parquet file whose footer lists a column's encodings in the order of their numbers.
 * parquet-hadoop takes them from a hash set of enum constants, whose order changes from one JVM to
 * the next; the same rows would give other bytes on another executor. The end of the file is held
 * back until it is closed, and put in order then.
 */
final class OrderedFooterFile implements OutputFile {
  /** Bytes held back; a larger footer (thousands of row groups) is written as it comes. */
  private static final int HELD = 1 << 20;

  /** Length of the footer and the magic number, at the end of every file. */
  private static final int TRAILER = 8;

  private final OutputFile file;

  OrderedFooterFile(OutputFile file) {
    this.file = file;
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) throws IOException {
    return new Holding(file.create(blockSizeHint));
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
    return new Holding(file.createOrOverwrite(blockSizeHint));
  }

  @Override
  public boolean supportsBlockSize() {
    return file.supportsBlockSize();
  }

  @Override
  public long defaultBlockSize() {
    return file.defaultBlockSize();
  }

  @Override
  public String getPath() {
    return file.getPath();
  }

  /** The end of a file with its footer in order; as it is where the footer is not all in it. */
  static byte[] ordered(byte[] end) throws IOException {
    if (end.length < TRAILER || !isParquet(end)) {
      return end;
    }
    int length = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getInt(end.length - TRAILER);
    int from = end.length - TRAILER - length;
    if (length < 0 || from < 0) {
      return end;
    }
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(end, from, length));
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        column.getMeta_data().getEncodings().sort(Comparator.comparingInt(Encoding::getValue));
      }
    }
    ByteArrayOutputStream sorted = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, sorted);
    if (sorted.size() != length) {
      return end;
    }
    byte[] result = end.clone();
    System.arraycopy(sorted.toByteArray(), 0, result, from, length);
    return result;
  }

  private static boolean isParquet(byte[] end) {
    byte[] magic = "PAR1".getBytes(US_ASCII);
    return Arrays.equals(end, end.length - magic.length, end.length, magic, 0, magic.length);
  }

  /** Hands on all but the last bytes. */
  private static final class Holding extends PositionOutputStream {
    private final PositionOutputStream out;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private long position;

    Holding(PositionOutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      held.write(bytes, from, length);
      position += length;
      if (held.size() > 2 * HELD) {
        byte[] all = held.toByteArray();
        out.write(all, 0, all.length - HELD);
        held.reset();
        held.write(all, all.length - HELD, HELD);
      }
    }

    /** Nothing: what is held back may still be the footer. */
    @Override
    public void flush() {}

    @Override
    public void close() throws IOException {
      try (out) {
        out.write(ordered(held.toByteArray()));
        held.reset();
      }
    }
  }
}

package ai.icon.sample;

import static ai.icon.sample.RejectReason.TOO_LONG;

import java.io.ByteArrayOutputStream;

/** Collects the bytes of one row, up to the limit, and remembers what they were. */
final class RowBytes {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
  private final long line;
  private long length;

  RowBytes(long line) {
    this.line = line;
  }

  void add(int b) {
    length++;
    if (length <= SampleParser.MAX_LENGTH) {
      bytes.write(b);
    }
  }

  RawRow whole() {
    if (length > SampleParser.MAX_LENGTH) {
      return broken(
          new UnusableRow(
              TOO_LONG, "Cannot use row: " + length + " bytes, limit " + SampleParser.MAX_LENGTH));
    }
    return new RawRow.Whole(line, bytes.toByteArray());
  }

  RawRow broken(UnusableRow fault) {
    return RawRow.Broken.of(line, bytes.toByteArray(), fault);
  }
}

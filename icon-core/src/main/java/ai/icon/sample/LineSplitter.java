package ai.icon.sample;

import java.util.Optional;

/** JSON Lines: a row a line; empty lines and lines of white space are no rows. */
final class LineSplitter implements RowSplitter {
  private final SourceBytes bytes;

  LineSplitter(SourceBytes bytes) {
    this.bytes = bytes;
  }

  @Override
  public Optional<RawRow> next() {
    bytes.skipSpace();
    RowBytes row = new RowBytes(bytes.line());
    boolean empty = bytes.peek() == SourceBytes.END;
    for (int b = bytes.peek(); b != SourceBytes.END && b != '\n'; b = bytes.peek()) {
      row.add(bytes.read());
    }
    if (bytes.peek() == SourceBytes.END) {
      Optional<UnusableRow> fault = bytes.takeFault();
      if (fault.isPresent()) {
        return Optional.of(row.broken(fault.get()));
      }
    }
    return empty ? Optional.empty() : Optional.of(row.whole());
  }
}

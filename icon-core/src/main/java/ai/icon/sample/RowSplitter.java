package ai.icon.sample;

import java.util.Optional;

/** Finds where the rows of a file start and end, without reading what they say. */
interface RowSplitter {
  /** The next row, or nothing at the end. */
  Optional<RawRow> next();

  /** The splitter for a file: an array where its first byte but white space is a bracket. */
  static RowSplitter of(SourceBytes bytes) {
    bytes.skipSpace();
    return bytes.peek() == '[' ? new ArraySplitter(bytes) : new LineSplitter(bytes);
  }
}

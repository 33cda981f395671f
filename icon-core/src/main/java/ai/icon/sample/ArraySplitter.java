package ai.icon.sample;

import static ai.icon.sample.RejectReason.TRAILING_CONTENT;
import static ai.icon.sample.RejectReason.TRUNCATED_JSON;

import java.util.BitSet;
import java.util.Optional;

/**
 * A JSON array: a row an element. Elements are found by their brackets, so that one that is not
 * JSON costs one row and the next is read again: a line end closes an open string, which JSON
 * forbids to span lines; a closing bracket closes what is open inside it; and an object that starts
 * where a flat object's key should stand starts a row. Where that does not help, such as a nested
 * object that is never closed, the rest of the file is one row, rejected as {@code truncated_json}.
 * Commas between elements are not checked.
 */
final class ArraySplitter implements RowSplitter {
  private final SourceBytes bytes;
  private final BitSet openObjects = new BitSet();
  private boolean closed;

  /** Starts at the array's opening bracket. */
  ArraySplitter(SourceBytes bytes) {
    this.bytes = bytes;
    bytes.read();
  }

  @Override
  public Optional<RawRow> next() {
    if (closed) {
      return Optional.empty();
    }
    bytes.skipSpace();
    while (bytes.peek() == ',') {
      bytes.read();
      bytes.skipSpace();
    }
    RowBytes row = new RowBytes(bytes.line());
    if (bytes.peek() == SourceBytes.END) {
      return Optional.of(cutOff(row));
    }
    if (bytes.peek() == ']') {
      return afterArray();
    }
    boolean complete = element(row);
    if (!complete) {
      return Optional.of(cutOff(row));
    }
    return Optional.of(row.whole());
  }

  /** Reads one element; false if the file ends in it. */
  private boolean element(RowBytes row) {
    int depth = 0;
    int last = ',';
    boolean inString = false;
    while (bytes.peek() != SourceBytes.END) {
      int b = bytes.peek();
      if (inString) {
        row.add(bytes.read());
        inString = b != '"' && b != '\n';
        if (b == '\\' && bytes.peek() != SourceBytes.END && bytes.peek() != '\n') {
          row.add(bytes.read());
        }
        continue;
      }
      if (depth == 0 && last != ',' && (b == ',' || b == ']' || b == '\n')) {
        return true;
      }
      boolean noKey = b == '{' && depth == 1 && openObjects.get(0) && last != ':';
      if (noKey) {
        return true;
      }
      row.add(bytes.read());
      if (b == '{' || b == '[') {
        openObjects.set(depth++, b == '{');
      } else if (b == '}' || b == ']') {
        depth = afterClosing(depth, b == '}');
        if (depth == 0) {
          return true;
        }
      }
      inString = b == '"';
      last = b > ' ' ? b : last;
    }
    return depth == 0 && !inString && last != ',';
  }

  /** The depth once the innermost open bracket of this kind is closed, and all within it. */
  private int afterClosing(int depth, boolean object) {
    for (int open = depth - 1; open >= 0; open--) {
      if (openObjects.get(open) == object) {
        return open;
      }
    }
    return depth;
  }

  private RawRow cutOff(RowBytes row) {
    closed = true;
    return row.broken(
        bytes
            .takeFault()
            .orElseGet(
                () ->
                    new UnusableRow(
                        TRUNCATED_JSON,
                        "Cannot read on: the file ends and the array that it holds is not closed;"
                            + " a row before this one may lack a bracket")));
  }

  private Optional<RawRow> afterArray() {
    closed = true;
    bytes.read();
    bytes.skipSpace();
    RowBytes rest = new RowBytes(bytes.line());
    boolean nothing = bytes.peek() == SourceBytes.END;
    while (bytes.peek() != SourceBytes.END) {
      rest.add(bytes.read());
    }
    Optional<UnusableRow> fault = bytes.takeFault();
    if (nothing && fault.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        rest.broken(
            fault.orElseGet(
                () ->
                    new UnusableRow(
                        TRAILING_CONTENT,
                        "Cannot read on: something follows the end of the array"))));
  }
}

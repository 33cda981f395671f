package ai.icon.sample;

import static ai.icon.sample.RejectReason.MISSING_ID;

import java.io.Serial;
import java.io.Serializable;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the rows of a pool: of one given shape, or each of the shape that its keys show. */
public final class SampleParser implements RowParser<SampleRow>, Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /** Longest row: characters of a text, bytes of a row in a file. */
  public static final int MAX_LENGTH = 16 << 20;

  private final Recognition recognition;
  private final ColumnMapping mapping;

  private SampleParser(Recognition recognition, ColumnMapping mapping) {
    this.recognition = recognition;
    this.mapping = mapping;
  }

  /** A parser that recognises the shape of every row. */
  public static SampleParser recognising(ColumnMapping mapping) {
    return new SampleParser(SampleShape::of, mapping);
  }

  /** A parser for rows of one shape. */
  public static SampleParser of(SampleShape shape, ColumnMapping mapping) {
    return new SampleParser(row -> shape, mapping);
  }

  /**
   * A parser for a setting of {@link SampleShape#parse}.
   *
   * @throws ai.icon.error.UserError if there is no such shape
   */
  public static SampleParser of(String setting, ColumnMapping mapping) {
    return SampleShape.parse(setting)
        .map(shape -> of(shape, mapping))
        .orElseGet(() -> recognising(mapping));
  }

  @Override
  public SampleRow parse(String source, long line, String json) {
    try {
      RowFields row = fields(json);
      SampleBody body = body(row);
      return new SampleRow.Accepted(
          new Sample(
              id(row, () -> SampleId.of(body)), source, line, body, StrictJson.compact(json)));
    } catch (UnusableRow e) {
      return rejected(e.at(source, line, json));
    }
  }

  @Override
  public SampleRow rejected(Reject reject) {
    return new SampleRow.Rejected(reject);
  }

  RowFields fields(String json) throws UnusableRow {
    return new RowFields(StrictJson.object(json), mapping);
  }

  SampleBody body(RowFields row) throws UnusableRow {
    return recognition.shape(row).body(row);
  }

  /** The mapped id, or else the content's hash. */
  static String id(RowFields row, Supplier<String> contentId) throws UnusableRow {
    if (!row.maps("id")) {
      return contentId.get();
    }
    Optional<String> id = row.label("id");
    if (id.isEmpty()) {
      throw new UnusableRow(
          MISSING_ID,
          "Cannot use row: no id in column " + row.column("id") + ", its keys are " + row.keys());
    }
    return id.get();
  }

  /** How a row's shape is found. */
  private interface Recognition extends Serializable {
    SampleShape shape(RowFields row) throws UnusableRow;
  }
}

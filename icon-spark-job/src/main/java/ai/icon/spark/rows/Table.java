package ai.icon.spark.rows;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The tables of a run folder. Folder, column names and meaning are a contract with readers. */
public enum Table {
  /** Everything that ingest could use, duplicates collapsed, before anything is taken out. */
  SAMPLES("_icon/samples", Schemas.sample()),
  /** Samples that may be selected. */
  POOL("pool", Schemas.sample()),
  /** Rows that could not be used, and why. */
  REJECTS("rejects", Schemas.rejects()),
  /** Assessed examples. */
  ASSESSMENT("assessment", Schemas.assessment()),
  /** Rows of the assessment file that could not be used, and why. */
  ASSESSMENT_REJECTS("assessment_rejects", Schemas.rejects()),
  /** Loss of every assessed example by itself. */
  BASELINE("baseline", Schemas.baseline()),
  /** Loss of every assessed example behind noise of every length bucket. */
  CONTROL("control", Schemas.control()),
  /** Candidate times assessed example: the product to reuse. */
  PAIRS("pairs", Schemas.pairs()),
  /** One row a scored candidate. */
  CONTRIBUTIONS("contributions", Schemas.contributions()),
  /** What the selector says of every sample of the pool. */
  PREDICTIONS("_icon/predictions", Schemas.predictions()),
  /** The whole pool in order. */
  RANKING("ranking", Schemas.ranking()),
  /** The head of the ranking that fits the budget; further columns by {@link #selection}. */
  SELECTION("selection", Schemas.selection());

  private final String folder;

  @SuppressWarnings("ImmutableEnumChecker") // every change to a StructType is a copy
  private final StructType schema;

  Table(String folder, StructType schema) {
    this.folder = folder;
    this.schema = schema;
  }

  /** Where the table lies, relative to the run folder. */
  public String folder() {
    return folder;
  }

  /** Its columns in order; of {@link #SELECTION} those that every selection has. */
  public StructType schema() {
    return schema;
  }

  /** The name in messages and footers: lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The columns of a selection: position, sample_id, score, origin, then the sample's own fields as
   * they came in. A field whose name is taken, by one of the four or by a field before it, is
   * renamed to {@code sample_<name>}, as often as is needed, so that nothing of the sample is lost;
   * a field whose name is free keeps it. Names are compared without case, as Spark does.
   */
  public static StructType selection(StructType sampleFields) {
    Set<String> taken = new HashSet<>();
    Arrays.stream(SELECTION.schema.fieldNames()).forEach(name -> taken.add(withoutCase(name)));
    List<StructField> fields = List.of(sampleFields.fields());
    List<Boolean> keeps =
        fields.stream().map(field -> taken.add(withoutCase(field.name()))).toList();
    StructType all = SELECTION.schema;
    for (int i = 0; i < fields.size(); i++) {
      String name = fields.get(i).name();
      boolean isFree = keeps.get(i);
      while (!isFree) {
        name = "sample_" + name;
        isFree = taken.add(withoutCase(name));
      }
      all = all.add(name, fields.get(i).dataType(), fields.get(i).nullable());
    }
    return all;
  }

  private static String withoutCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}

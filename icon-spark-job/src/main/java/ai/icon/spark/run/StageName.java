package ai.icon.spark.run;

import ai.icon.spark.rows.Table;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The stages in the order of the data, each with the folders that it alone writes. */
public enum StageName {
  /** Reads the user's files. */
  INGEST(Table.SAMPLES, Table.REJECTS),
  /** Fixes the assessed examples and takes them out of the pool. */
  ASSESS(Table.POOL, Table.ASSESSMENT, Table.ASSESSMENT_REJECTS),
  /** Scores candidates in context. */
  SCORE(Table.BASELINE, Table.CONTROL, Table.PAIRS, Table.CONTRIBUTIONS),
  /** Trains the selector; its folder is {@code selector}. */
  TRAIN(),
  /** Predicts and orders the whole pool. */
  RANK(Table.PREDICTIONS, Table.RANKING),
  /** Cuts the ranking at the budget; what trainers load goes to {@code export}. */
  SELECT(Table.SELECTION);

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<Table> tables;

  StageName(Table... tables) {
    this.tables = List.of(tables);
  }

  /** The name that users write: lower case. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The tables that this stage writes. */
  public List<Table> tables() {
    return tables;
  }

  /** Folders below the run folder that hold what this stage writes, tables and others. */
  List<String> outputs() {
    Stream<String> others =
        switch (this) {
          case TRAIN -> Stream.of("selector");
          case SELECT -> Stream.of("export");
          default -> Stream.empty();
        };
    return Stream.concat(tables.stream().map(Table::folder), others).toList();
  }

  /** All stages up to this one, in order. */
  public List<StageName> upTo() {
    return Arrays.stream(values()).filter(stage -> stage.compareTo(this) <= 0).toList();
  }

  /** All names, for messages. */
  public static String texts() {
    return Arrays.stream(values()).map(StageName::text).collect(Collectors.joining(", "));
  }

  /** This stage and all that come after it. */
  public List<StageName> andLater() {
    return Arrays.stream(values()).filter(stage -> stage.compareTo(this) >= 0).toList();
  }

  /**
   * The stage of that name, case ignored.
   *
   * @throws IllegalArgumentException if there is none, with the names that there are
   */
  @JsonCreator
  public static StageName of(String text) {
    return Arrays.stream(values())
        .filter(stage -> stage.text().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Invalid stage: must be one of " + texts() + ", got " + text));
  }
}

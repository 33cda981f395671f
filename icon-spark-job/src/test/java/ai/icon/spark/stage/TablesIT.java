package ai.icon.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.LocalIcon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From tables to tables: pool and assessment set are read from the catalogue, results saved. */
class TablesIT {
  private static final int SAMPLES = 6;

  @TempDir private static Path folder;

  private static SparkSession spark;
  private static LocalIcon icon;
  private static Path run;

  @BeforeAll
  static void runFromTables() {
    spark = LocalIcon.session();
    icon = new LocalIcon(spark);
    spark.sql("CREATE DATABASE results LOCATION '" + folder.resolve("results.db") + "'");
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      rows.add(
          "{\"instruction\":\"Count to %d.\",\"output\":\"It's %d.\",\"my note\":\"n%d\"}"
              .formatted(i, i, i));
    }
    table("results.samples", rows);
    table(
        "results.assessed",
        List.of("{\"instruction\":\"What?\",\"output\":\"That.\",\"group\":\"g\"}"));
    run = folder.resolve("it's a run");
    LocalIcon.Outcome outcome = run("results.selected");
    assertThat(outcome.code()).as(outcome.errors()).isZero();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void theTablesStandAsTheRunLeftThem() {
    assertThat(run("results.selected").code()).isZero();
  }

  @Test
  void theTablesHoldWhatTheRunFolderHoldsAndSayWhereItCameFrom() {
    List<Row> selected = spark.table("results.selected").orderBy("position").collectAsList();
    assertThat(selected)
        .hasSize(SAMPLES / 2)
        .isEqualTo(icon.table(run, "selection").orderBy("position").collectAsList());
    assertThat(selected.get(0).<String>getAs("my note")).startsWith("n");
    assertThat(spark.table("results.scored").orderBy("sample_id").collectAsList())
        .hasSize(SAMPLES)
        .isEqualTo(icon.table(run, "contributions").orderBy("sample_id").collectAsList());
    assertThat(properties("results.selected"))
        .containsEntry("icon.table", "selection")
        .containsEntry("icon.state", "complete")
        .containsEntry("icon.rows", "3")
        .containsEntry("icon.template", "rico")
        .containsEntry("icon.run", "file:" + run);
    assertThat(properties("results.scored")).containsEntry("icon.table", "contributions");
  }

  @Test
  void aRunTakenUpAgainSavesWhatIsNotSavedAndLeavesTheRest() throws IOException {
    List<Path> before = dataFiles("selected");
    spark.sql("DROP TABLE results.scored");
    assertThat(run("results.selected").code()).isZero();
    assertThat(spark.table("results.scored").count()).isEqualTo(SAMPLES);
    assertThat(dataFiles("selected")).as("the same files").isEqualTo(before);
  }

  @Test
  void aTableThatAKilledRunLeftUnfinishedIsMadeAnew() {
    spark.sql("ALTER TABLE results.selected SET TBLPROPERTIES ('icon.state' = 'writing')");
    spark.sql("INSERT INTO results.selected SELECT * FROM results.selected");
    assertThat(run("results.selected").code()).isZero();
    assertThat(spark.table("results.selected").count()).isEqualTo(SAMPLES / 2);
    assertThat(properties("results.selected")).containsEntry("icon.state", "complete");
  }

  @Test
  void anotherSelectionReplacesTheTable() {
    Path more = folder.resolve("more");
    LocalIcon.Outcome outcome = run(more, "results.selected", "--budget", "100%");
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(spark.table("results.selected").count()).isEqualTo(SAMPLES);
    assertThat(properties("results.selected")).containsEntry("icon.run", "file:" + more);
  }

  @Test
  void aTableThatIconDidNotMakeIsRefusedBeforeAnyWorkUnlessItMayBeReplaced() {
    spark.sql("CREATE TABLE results.precious USING parquet AS SELECT 1 AS one");
    Path fresh = folder.resolve("fresh");
    LocalIcon.Outcome refused = run(fresh, "results.precious");
    assertThat(refused.code()).as(refused.errors()).isEqualTo(2);
    assertThat(refused.errors())
        .contains(
            "Cannot save the selection as results.precious: there is such a table, and icon did not"
                + " make it.")
        .contains("--overwrite-tables");
    assertThat(fresh.resolve("pool")).doesNotExist();
    assertThat(spark.table("results.precious").columns()).containsExactly("one");
    LocalIcon.Outcome replaced = run(run, "results.precious", "--overwrite-tables");
    assertThat(replaced.code()).as(replaced.errors()).isZero();
    assertThat(spark.table("results.precious").count()).isEqualTo(SAMPLES / 2);
    spark.sql("DROP TABLE results.precious");
  }

  @Test
  void whatCannotBeSavedUnderIsRefusedBeforeAnyWork() {
    spark.sql("CREATE VIEW results.seen AS SELECT 1 AS one");
    assertRefused("results.seen", "it is a view.");
    assertRefused("results.samples", "it is a table of the pool.");
    assertRefused("nowhere.selected", "Spark's catalogue has no database nowhere.");
    assertThat(run(folder.resolve("bad"), "not a name").errors())
        .contains("Invalid setting icon.tables.selection: must be a table name such as db.table");
  }

  private static void assertRefused(String table, String why) {
    Path bad = folder.resolve("bad");
    LocalIcon.Outcome outcome = run(bad, table);
    assertThat(outcome.code()).as(outcome.errors()).isEqualTo(2);
    assertThat(outcome.errors()).contains("Cannot save the selection as " + table + ": " + why);
    assertThat(bad.resolve("pool")).doesNotExist();
  }

  private static void table(String name, List<String> rows) {
    spark.read().json(spark.createDataset(rows, Encoders.STRING())).write().saveAsTable(name);
  }

  private static LocalIcon.Outcome run(String selected) {
    return run(run, selected);
  }

  private static LocalIcon.Outcome run(Path out, String selected, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--pool=results.samples",
                "--assessment=table:results.assessed",
                "--model=" + LocalIcon.RANDOM_MODEL,
                "--candidates=all",
                "--measure=icon",
                "--selector=none",
                "--rank-by=measured",
                "--save-selection-as=" + selected,
                "--save-contributions-as=results.scored",
                "--out=" + out));
    arguments.addAll(
        more.length == 0 || !more[0].equals("--budget") ? List.of("--budget=50%") : List.of());
    arguments.addAll(List.of(more));
    return icon.execute(arguments);
  }

  private static Map<String, String> properties(String table) {
    Map<String, String> properties = new TreeMap<>();
    spark
        .sql("SHOW TBLPROPERTIES " + table)
        .collectAsList()
        .forEach(row -> properties.put(row.getString(0), row.getString(1)));
    return properties;
  }

  private static List<Path> dataFiles(String table) throws IOException {
    try (var files = Files.list(folder.resolve("results.db").resolve(table))) {
      return files.sorted().toList();
    }
  }
}

package ai.icon.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.LocalIcon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that somebody writes to while the pool is read from them, which is done twice. */
class ChangingSourcesIT {
  private static final List<String> ROWS =
      List.of(
          "{\"instruction\":\"Name a river.\",\"output\":\"The Elbe.\"}",
          "{\"instruction\":\"Add 1 and 1.\",\"output\":\"2\"}",
          "{\"instruction\":\"Name a colour.\",\"output\":\"Green.\"}",
          "{\"instruction\":\"Greet me.\",\"output\":\"Hello.\"}");

  @TempDir private static Path folder;

  private static SparkSession spark;
  private static LocalIcon icon;

  @BeforeAll
  static void open() {
    spark = LocalIcon.session();
    icon = new LocalIcon(spark);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void aFileThatChangesWhileItIsReadIsNotUsedAndIsReadAnewByTheNextCommand() throws IOException {
    Path growing = Files.write(folder.resolve("growing.jsonl"), ROWS.subList(0, 3));
    Path run = folder.resolve("run-growing");
    LocalIcon.Outcome outcome =
        ingestWhile(
            () -> Files.writeString(growing, ROWS.get(3) + "\n", StandardOpenOption.APPEND),
            run,
            growing.toString());
    assertThat(outcome.code()).as(outcome.errors()).isEqualTo(2);
    assertThat(outcome.errors())
        .contains("Cannot use the pool: it changed while it was read:")
        .contains("pool source 1: was " + growing + " ", ", now " + growing + " ");

    LocalIcon.Outcome again = ingest(run, growing.toString());
    assertThat(again.code()).as(again.errors()).isZero();
    assertThat(LocalIcon.manifest(run).at("/counts/read").asInt()).isEqualTo(4);
  }

  @Test
  void aTableThatChangesWhileItIsReadIsNotUsedAndIsReadAnewByTheNextCommand() throws IOException {
    frame().createOrReplaceTempView("replaced");
    // As many rows as before: only their content tells.
    Dataset<Row> other = frame().withColumn("output", functions.lit("other")).coalesce(1);
    Path run = folder.resolve("run-replaced");
    LocalIcon.Outcome outcome =
        ingestWhile(() -> other.createOrReplaceTempView("replaced"), run, "table:replaced");
    assertThat(outcome.code()).as(outcome.errors()).isEqualTo(2);
    assertThat(outcome.errors())
        .contains("Cannot use the pool: it changed while it was read:")
        .contains("pool source 1: was table:replaced 4 rows, ", ", now table:replaced 4 rows, ")
        .contains("Run the same command again when nobody writes to it any more.");

    LocalIcon.Outcome again = ingest(run, "table:replaced");
    assertThat(again.code()).as(again.errors()).isZero();
    assertThat(icon.table(run, "_icon/samples").select("output").collectAsList())
        .extracting(row -> row.getString(0))
        .containsOnly("other");
  }

  @Test
  void aTableWhoseFilesAreReplacedWhileTheyAreReadIsToldAsOneThatChanged() throws IOException {
    Path parquet = folder.resolve("files-of-a-table");
    frame().repartition(3).write().parquet(parquet.toString());
    spark.sql("CREATE TABLE of_files USING parquet LOCATION '" + parquet + "'");
    Path next = folder.resolve("next-files-of-a-table");
    frame().limit(2).write().parquet(next.toString());
    LocalIcon.Outcome outcome =
        ingestWhile(
            () -> {
              FileUtils.cleanDirectory(parquet.toFile()); // another process: Spark knows nothing
              FileUtils.copyDirectory(next.toFile(), parquet.toFile());
            },
            folder.resolve("run-files"),
            "table:of_files");
    spark.sql("DROP TABLE of_files");
    assertThat(outcome.code()).as(outcome.errors()).isEqualTo(2);
    assertThat(outcome.errors())
        .contains("Cannot use the pool: it changed while it was read:")
        .contains("was table:of_files 4 rows, ", ", now table:of_files 2 rows, ");
  }

  private static Dataset<Row> frame() {
    return spark.read().json(spark.createDataset(ROWS, Encoders.STRING()));
  }

  private static LocalIcon.Outcome ingest(Path run, String pool) {
    return icon.execute(
        List.of(
            "ingest", "--model", LocalIcon.RANDOM_MODEL, "--out", run.toString(), "--pool", pool));
  }

  private interface Change {
    void happen() throws IOException;
  }

  private static LocalIcon.Outcome ingestWhile(Change change, Path run, String pool) {
    Once once = new Once(change);
    spark.sparkContext().addSparkListener(once);
    try {
      return ingest(run, pool);
    } finally {
      spark.sparkContext().removeSparkListener(once);
    }
  }

  /** Changes something when the first job of the stage begins. */
  private static final class Once extends SparkListener {
    private final Change change;
    private boolean isDone;

    Once(Change change) {
      this.change = change;
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      if (!isDone
          && job.properties().getProperty("spark.job.description", "").startsWith("icon ingest")) {
        isDone = true;
        try {
          change.happen();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}

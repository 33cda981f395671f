package ai.icon.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.spark.LocalSpark;
import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.TableFooter;
import ai.icon.spark.rows.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardCommitIT {
  private static final TableFooter FOOTER = new TableFooter("run", "model", "rico", "1");
  private static final StageInputs INPUTS = StageInputs.of(Map.of("seed", "1"));
  private static SparkSession spark;

  @TempDir Path place;

  @BeforeAll
  static void open() {
    spark = LocalSpark.open();
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  @Test
  void tasksCommitTheirShardsAndOneThatIsCommittedIsRefused() throws IOException {
    RunFolder run = begun();
    ShardCommit commits = run.commits(ShardSet.PAIRS);
    try (JavaSparkContext context = new JavaSparkContext(spark.sparkContext())) {
      // Five shards, and shard 2 once more.
      context.parallelize(List.of(0, 1, 2, 3, 4, 2), 6).foreach(scoring(commits));

      assertThat(commits.committed()).containsExactly(0, 1, 2, 3, 4);
      assertThat(Tables.readInOrder(spark, run.table(Table.BASELINE), Table.BASELINE))
          .extracting(row -> row.getString(0))
          .containsExactly("s0", "s1", "s2", "s3", "s4");
      assertThat(place.resolve("baseline")).isDirectoryNotContaining("glob:**_tmp*");
    }
  }

  private static VoidFunction<Integer> scoring(ShardCommit commits) {
    return shard -> {
      try (ShardAttempt attempt =
          commits.attempt(shard, TaskContext.get().taskAttemptId(), FOOTER)) {
        attempt.write(Table.BASELINE, rows("s" + shard));
        attempt.commit(1, 10, 0.5);
      }
    };
  }

  @Test
  void theSecondCommitChangesNothing() throws IOException {
    RunFolder run = begun();
    ShardCommit commits = run.commits(ShardSet.PAIRS);
    try (ShardAttempt first = commits.attempt(3, 1, FOOTER);
        ShardAttempt second = commits.attempt(3, 2, FOOTER)) {
      first.write(Table.BASELINE, rows("first"));
      second.write(Table.BASELINE, rows("second", "more"));

      assertThat(first.commit(7, 70, 1.5)).isTrue();
      assertThat(second.commit(8, 80, 2.5)).isFalse();
    }

    assertThat(commits.committedMarkers().get(3))
        .isEqualTo(
            new ShardMarker(
                3,
                new java.util.TreeMap<>(Map.of("baseline/part-00003.parquet", 1L)),
                1,
                7,
                70,
                1.5));
    assertThat(Tables.readInOrder(spark, run.table(Table.BASELINE), Table.BASELINE))
        .containsExactly(RowFactory.create("first", 1.0));
    assertThat(place.resolve("baseline")).isDirectoryNotContaining("glob:**_tmp*");
  }

  @Test
  void anAttemptThatEndsEarlyLeavesNothing() throws IOException {
    RunFolder run = begun();
    ShardCommit commits = run.commits(ShardSet.PAIRS);
    try (ShardAttempt attempt = commits.attempt(0, 1, FOOTER)) {
      attempt.write(Table.BASELINE, rows("a"));
    }

    assertThat(commits.committed()).isEmpty();
    try (var files = Files.list(place.resolve("baseline"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void whatAKilledProcessLeftIsDoneAgain() throws IOException {
    RunFolder run = begun();
    ShardCommit commits = run.commits(ShardSet.PAIRS);
    // Killed between the data's rename and the marker's last byte.
    try (ShardAttempt killed = commits.attempt(0, 1, FOOTER)) {
      killed.write(Table.BASELINE, rows("old"));
      killed.commit(1, 1, 1);
    }
    Files.writeString(place.resolve("_icon/commits/pairs-00000.json"), "{\"sha");
    Files.writeString(place.resolve("baseline/_tmp.part-00001.parquet.4"), "half");
    assertThat(commits.committed()).isEmpty();

    try (ShardAttempt again = commits.attempt(0, 2, FOOTER)) {
      again.write(Table.BASELINE, rows("new"));
      assertThat(again.commit(1, 1, 1)).isTrue();
    }

    assertThat(commits.committed()).containsExactly(0);
    assertThat(Tables.readInOrder(spark, run.table(Table.BASELINE), Table.BASELINE))
        .containsExactly(RowFactory.create("new", 1.0));
  }

  @Test
  void onlyTheStagesTablesAndEachOnce() throws IOException {
    try (ShardAttempt attempt = begun().commits(ShardSet.PAIRS).attempt(0, 1, FOOTER)) {
      assertThatThrownBy(() -> attempt.write(Table.RANKING, rows("a")))
          .hasMessage(
              "Cannot write table ranking in shard 0 of stage score: not one of its tables");
      attempt.write(Table.BASELINE, rows("a"));
      assertThatThrownBy(() -> attempt.write(Table.BASELINE, rows("a")))
          .hasMessage(
              "Cannot write table baseline in shard 0 of stage score: it is written already");
    }
  }

  private RunFolder begun() throws IOException {
    RunFolder run = RunFolder.create(place.toString(), new Configuration());
    run.begin(StageName.SCORE, INPUTS);
    return run;
  }

  private static java.util.Iterator<Row> rows(String... ids) {
    return java.util.Arrays.stream(ids).map(id -> RowFactory.create(id, 1.0)).iterator();
  }
}

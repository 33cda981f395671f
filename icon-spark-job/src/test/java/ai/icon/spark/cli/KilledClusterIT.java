package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.ProcessCluster;
import ai.icon.spark.SparkHome;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.RunAudit;
import ai.icon.spark.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code submit/icon run --master spark://...} on two workers, killed twice: an executor, then the
 * driver. What comes of it is what one process makes undisturbed.
 */
@Timeout(400)
class KilledClusterIT {
  @TempDir Path place;

  @Test
  void anExecutorThenTheDriverAreKilled() throws IOException, InterruptedException {
    SparkHome spark = SparkHome.toTest();
    JobFixture job = new JobFixture(place);
    List<String> command =
        job.run(
            60,
            12,
            "--candidates",
            "40",
            "--budget",
            "20%",
            "--shard-tokens",
            "400",
            "--device",
            "cpu");
    Path base = job.path("undisturbed");
    JobFixture.icon(JobFixture.with(command, "--out", base.toString())).succeeded();
    int shards = markers(base).size();
    Path run = job.path("killed");
    Path properties =
        job.write(
            "spark.conf",
            List.of(
                "spark.executor.memory 600m",
                "spark.executor.cores 1",
                "spark.cores.max 2",
                "spark.sql.shuffle.partitions 4"));

    try (ProcessCluster cluster = ProcessCluster.start(spark, "killed-it", 2)) {
      List<String> submitted =
          JobFixture.with(
              command,
              "--out",
              run.toString(),
              "--master",
              cluster.master(),
              "--properties-file",
              properties.toString());
      Process first = cluster.icon("first", submitted);
      SortedMap<String, String> beforeExecutor = await(first, cluster.log("first"), run, 4);
      int executors = cluster.executors().size();
      ProcessCluster.kill(cluster.executors().get(0));
      System.out.printf(
          "one of %d executors killed with %d of %d shards of pairs done%n",
          executors, beforeExecutor.size(), shards);
      // Behind it: more shards than were in flight, so that somebody has gone on.
      SortedMap<String, String> beforeDriver =
          await(first, cluster.log("first"), run, beforeExecutor.size() + 5);
      ProcessCluster.kill(first.toHandle());
      System.out.printf(
          "driver killed with %d of %d shards of pairs done%n", beforeDriver.size(), shards);
      assertThat(beforeDriver).containsAllEntriesOf(beforeExecutor).hasSizeLessThan(shards);

      Process second = cluster.icon("second", submitted);
      assertThat(second.waitFor(200, TimeUnit.SECONDS)).as("the second driver ends").isTrue();
      assertThat(second.exitValue()).as(Files.readString(cluster.log("second"))).isZero();
      System.out.println(Files.readString(cluster.log("second.out")));
      assertThat(markers(run)).hasSize(shards).containsAllEntriesOf(beforeDriver);
    }

    JobFixture.assertSameResults(run, base);
    assertThat(RunAudit.of(RunFolder.open(run.toString(), new Configuration())))
        .isEqualTo(new RunAudit(List.of(), List.of()));
    if (spark.hasJar("parquet-hadoop-" + Version.VERSION_NUMBER + ".jar")) {
      assertSameBytes(run, base);
    }
  }

  private static SortedMap<String, String> await(Process driver, Path log, Path run, int shards)
      throws IOException, InterruptedException {
    while (markers(run).size() < shards) {
      assertThat(driver.isAlive()).as(Files.readString(log)).isTrue();
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return markers(run);
  }

  /** The whole markers of pairs: last change and content by name. */
  private static SortedMap<String, String> markers(Path run) throws IOException {
    SortedMap<String, String> markers = new TreeMap<>();
    Path folder = run.resolve("_icon/commits");
    if (!Files.isDirectory(folder)) {
      return markers;
    }
    for (Path file : JobFixture.files(folder)) {
      if (file.getFileName().toString().startsWith("pairs-")) {
        markers.put(
            file.getFileName().toString(),
            Files.getLastModifiedTime(file) + " " + Files.readString(file));
      }
    }
    markers.values().removeIf(content -> !content.strip().endsWith("}"));
    return markers;
  }

  private static void assertSameBytes(Path run, Path base) throws IOException {
    for (Table table : Table.values()) {
      List<Path> files = JobFixture.parquet(run, table);
      assertThat(files).as(table.text()).hasSameSizeAs(JobFixture.parquet(base, table));
      for (Path file : files) {
        assertThat(file).hasSameBinaryContentAs(base.resolve(run.relativize(file)));
      }
    }
  }
}

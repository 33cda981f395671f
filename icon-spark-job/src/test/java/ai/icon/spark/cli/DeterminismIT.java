package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.icon.spark.rows.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same losses whatever the cluster and the order of the pool. */
class DeterminismIT {
  /** Float32 sums in another order: what another batch may move a loss by, nats per token. */
  private static final double ROUNDING = 1e-4;

  private static final int POOL = 90;

  @TempDir static Path place;
  private static JobFixture job;
  private static List<String> command;
  private static Path base;

  @BeforeAll
  static void runOnce() throws IOException {
    job = new JobFixture(place);
    base = job.path("base");
    command = job.run(POOL, 12, "--candidates", "60", "--budget", "20%", "--shard-tokens", "3000");
    JobFixture.icon(JobFixture.with(command, "--out", base.toString())).succeeded();
    assertThat(JobFixture.parquet(base, Table.PAIRS)).hasSizeGreaterThan(3);
    assertThat(JobFixture.rows(base, Table.PAIRS)).hasSize(60 * 12);
  }

  @ParameterizedTest
  @CsvSource({"local[1], 1", "local[3], 3", "local[2], 8"})
  void partitionsChangeNoByte(String master, String partitions) throws IOException {
    Path run = job.path("partitions-" + partitions);

    JobFixture.icon(
            JobFixture.with(
                command,
                "--out",
                run.toString(),
                "--master",
                master,
                "--conf",
                "spark.sql.shuffle.partitions=" + partitions,
                "--conf",
                "spark.default.parallelism=" + partitions))
        .succeeded();

    JobFixture.assertSameResults(run, base);
    for (Table table : Table.values()) {
      List<Path> files = JobFixture.parquet(run, table);
      assertThat(files).as(table.text()).hasSameSizeAs(JobFixture.parquet(base, table));
      for (Path file : files) {
        assertThat(file).hasSameBinaryContentAs(base.resolve(run.relativize(file)));
      }
    }
    assertThat(run.resolve("selector/selector.json"))
        .hasSameBinaryContentAs(base.resolve("selector/selector.json"));
  }

  @Test
  void theOrderAndFilesOfThePoolChangeNothing() throws IOException {
    List<String> lines = new ArrayList<>(JobFixture.poolLines(POOL));
    Collections.shuffle(lines, new Random(7));
    job.write("half-1.jsonl", lines.subList(0, 30));
    job.write("half-2.jsonl", lines.subList(30, POOL));
    Path run = job.path("shuffled");

    JobFixture.icon(
            JobFixture.with(
                command, "--out", run.toString(), "--pool", job.path("half-*.jsonl").toString()))
        .succeeded();

    JobFixture.assertSameResults(run, base);
  }

  @Test
  void anotherBatchMovesLossesByRoundingOnly() throws IOException {
    Path run = job.path("batch");

    JobFixture.icon(JobFixture.with(command, "--out", run.toString(), "--batch-tokens", "150"))
        .succeeded();

    for (String loss : List.of("baseline_nll", "conditioned_nll", "control_nll")) {
      List<String> was = JobFixture.column(base, Table.PAIRS, loss);
      List<String> is = JobFixture.column(run, Table.PAIRS, loss);
      assertThat(is).hasSameSizeAs(was);
      for (int i = 0; i < was.size(); i++) {
        assertThat(Double.parseDouble(is.get(i)))
            .as("%s of pair %d", loss, i)
            .isCloseTo(Double.parseDouble(was.get(i)), within(ROUNDING));
      }
    }
    assertThat(Files.exists(run.resolve("manifest.json"))).isTrue();
  }
}

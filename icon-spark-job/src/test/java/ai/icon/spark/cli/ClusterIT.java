package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.ProcessCluster;
import ai.icon.spark.SparkHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar for clusters on a real one: a master and two workers, each a process. */
@Timeout(300)
class ClusterIT {
  @TempDir static Path place;
  private static ProcessCluster cluster;
  private static List<String> command;
  private static Path base;

  @BeforeAll
  static void runInOneProcess() throws IOException, InterruptedException {
    cluster = ProcessCluster.start(SparkHome.toTest(), "cluster-it", 2);
    JobFixture job = new JobFixture(place);
    base = job.path("base");
    command = job.run(60, 12, "--candidates", "40", "--budget", "20%", "--shard-tokens", "2000");
    JobFixture.icon(JobFixture.with(command, "--out", base.toString())).succeeded();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void clientModeGivesTheSameBytes() throws IOException, InterruptedException {
    Path run = place.resolve("client");

    int code =
        ended(
            "client",
            JobFixture.with(
                command,
                "--out",
                run.toString(),
                "--master",
                cluster.master(),
                "--conf",
                "spark.executor.memory=600m"));

    assertThat(code).as(Files.readString(cluster.log("client"))).isZero();
    JobFixture.assertSameResults(run, base);
  }

  private static int ended(String name, List<String> arguments)
      throws IOException, InterruptedException {
    Process process = cluster.icon(name, arguments);
    assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}

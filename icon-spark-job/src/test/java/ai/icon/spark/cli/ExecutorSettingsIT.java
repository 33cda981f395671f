package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.LocalIcon;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.RunStatus;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads and devices of a run, from the command line to the manifest. */
@Timeout(120)
class ExecutorSettingsIT {
  @TempDir Path place;

  @Test
  void aRunThatIsGoneOnWithKeepsItsThreadsAndSaysWhereItWasDone() throws IOException {
    JobFixture job = new JobFixture(place);
    Path out = job.path("out");
    List<String> scored =
        job.run(
            30,
            6,
            "--candidates",
            "6",
            "--threads",
            "3",
            "--out",
            out.toString(),
            "--until",
            "score");
    JobFixture.icon(scored).succeeded();
    JsonNode manifest = LocalIcon.manifest(out);
    assertThat(manifest.path("threads").asInt()).isEqualTo(3);
    JsonNode device = manifest.path("scoringDevices").path(0);
    assertThat(manifest.path("scoringDevices")).hasSize(1);
    assertThat(device.path("executor").asText()).isEqualTo("driver");
    assertThat(device.path("device").asText()).isEqualTo("cpu");
    assertThat(device.path("loadSeconds").asDouble()).isPositive();
    assertThat(device.path("shards").asInt()).isGreaterThanOrEqualTo(2); // control and pairs

    List<String> rest = JobFixture.with(scored, "--threads", "0", "--until", "select");
    JobFixture.icon(rest).succeeded();
    assertThat(LocalIcon.manifest(out).path("threads").asInt()).isEqualTo(3);

    JobFixture.Ended other = JobFixture.icon(JobFixture.with(rest, "--threads", "2"));
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("model.threads: was 3, now 2");
  }

  /** Spark hands on what a task threw in an exception of its own, which is checked. */
  @Test
  void whatATaskThrowsIsTheStateOfTheRun() throws IOException {
    JobFixture job = new JobFixture(place);
    Path out = job.path("out");

    JobFixture.Ended ended =
        JobFixture.icon(
            job.run(
                20,
                6,
                "--candidates",
                "6",
                "--device",
                "gpu",
                "--doctor",
                "false",
                "--conf",
                "spark.icon.attempt=try-1",
                "--out",
                out.toString()));

    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    RunStatus status = RunFolder.open(out.toString(), new Configuration()).status().orElseThrow();
    assertThat(status.state()).isEqualTo(RunStatus.State.FAILED);
    assertThat(status.stage()).isEqualTo("score");
    assertThat(status.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains(status.message());
    assertThat(out.resolve("_icon/attempts/try-1.json"))
        .hasSameTextualContentAs(out.resolve("_icon/status.json"));
  }
}

package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.rows.WornFileSystem;
import ai.icon.spark.run.RunAudit;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.RunStatus;
import ai.icon.spark.run.ShardSet;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that fail, for a while or for good, and a checkpoint that goes away under a run. */
@Timeout(300)
class FailingTaskIT {
  private static final int TRIES = 4;

  @TempDir static Path place;
  private static List<String> command;
  private static Path base;

  @BeforeAll
  static void undisturbed() throws IOException {
    JobFixture job = new JobFixture(place);
    List<String> tries = List.of("--master", "local[2," + TRIES + "]");
    command =
        JobFixture.with(
            job.run(30, 8, "--candidates", "10", "--budget", "20%", "--shard-tokens", "400"),
            tries.toArray(String[]::new));
    base = job.path("base");
    JobFixture.icon(JobFixture.with(command, "--out", base.toString())).succeeded();
  }

  @AfterEach
  void mend() {
    WornFileSystem.FAILURES.set(0);
  }

  @Test
  void aTaskThatFailsThreeTimesIsDoneByItsFourthTry() throws IOException {
    Path run = place.resolve("for-a-while");
    WornFileSystem.FAILURES.set(TRIES - 1);

    JobFixture.icon(onWornDisk(run)).succeeded();

    assertThat(WornFileSystem.FAILURES).hasValue(0);
    assertWhole(run);
  }

  @Test
  void aTaskThatFailsForGoodStopsTheRunWhichGoesOnWhenItIsMended() throws IOException {
    Path run = place.resolve("for-good");
    WornFileSystem.FAILURES.set(Integer.MAX_VALUE);

    JobFixture.Ended failed = JobFixture.icon(onWornDisk(run));

    assertThat(failed.code()).as(failed.err()).isEqualTo(4);
    assertThat(failed.err())
        .contains("Cannot go on: a task could not read or write, 4 times: Input/output error")
        .contains("The same command takes it up behind its last finished shard")
        .doesNotContain("mistake of its own");
    RunStatus status = folder(run).status().orElseThrow();
    assertThat(status.state()).isEqualTo(RunStatus.State.FAILED);
    assertThat(status.exitCode()).isEqualTo(4);
    SortedMap<String, String> before = JobFixture.changes(run.resolve("_icon/commits"));
    assertThat(folder(run).commits(ShardSet.PAIRS).committed()).isNotEmpty().doesNotContain(2);
    WornFileSystem.FAILURES.set(0);
    JobFixture.icon(onWornDisk(run)).succeeded();

    assertThat(JobFixture.changes(run.resolve("_icon/commits"))).containsAllEntriesOf(before);
    assertWhole(run);
  }

  @Test
  void aCheckpointThatIsDeletedWhileItScoresStopsNothingOrClearly() throws Exception {
    Path run = place.resolve("deleted while scoring");
    Path model = copyOfTheModel("model-1");
    List<String> ofCopy = JobFixture.with(command, "--model", model.toString());
    List<String> arguments = JobFixture.with(ofCopy, "--out", run.toString());
    CompletableFuture<JobFixture.Ended> running =
        CompletableFuture.supplyAsync(() -> JobFixture.icon(arguments));
    Path marker = run.resolve("_icon/commits/pairs-00000.json");
    while (!running.isDone() && !Files.exists(marker)) {
      TimeUnit.MILLISECONDS.sleep(5);
    }

    Path away = Files.move(model, place.resolve("model-1-away"));
    JobFixture.Ended ended = running.get(2, TimeUnit.MINUTES);

    if (ended.code() != 0) {
      assertThat(ended.code()).as(ended.err()).isEqualTo(2);
      assertThat(ended.err()).contains(model.toString());
    }
    Files.move(away, model);
    JobFixture.icon(arguments).succeeded();
    assertWhole(run);
  }

  @Test
  void aCheckpointThatIsDeletedBetweenTwoCommandsIsNamed() throws IOException {
    Path run = place.resolve("deleted between");
    Path model = copyOfTheModel("model-2");
    List<String> ofCopy = JobFixture.with(command, "--model", model.toString());
    List<String> arguments = JobFixture.with(ofCopy, "--out", run.toString());
    JobFixture.icon(JobFixture.with(arguments, "--until", "assess")).succeeded();

    Path away = Files.move(model, place.resolve("model-2-away"));
    JobFixture.Ended ended = JobFixture.icon(arguments);

    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    assertThat(ended.err()).contains(model.toString());
    Files.move(away, model);
    JobFixture.icon(arguments).succeeded();
    assertWhole(run);
  }

  private static List<String> onWornDisk(Path run) {
    List<String> there = JobFixture.with(command, "--out", "worn://" + run.toUri().getRawPath());
    return JobFixture.with(
        there, "--conf", "spark.hadoop.fs.worn.impl=" + WornFileSystem.class.getName());
  }

  private static Path copyOfTheModel(String name) throws IOException {
    File copy = place.resolve(name).toFile();
    FileUtils.copyDirectory(JobFixture.MODEL.toFile(), copy);
    return copy.toPath();
  }

  private static RunFolder folder(Path run) {
    return RunFolder.open(run.toString(), new Configuration());
  }

  private static void assertWhole(Path run) throws IOException {
    JobFixture.assertSameResults(run, base);
    assertThat(RunAudit.of(folder(run))).isEqualTo(new RunAudit(List.of(), List.of()));
  }
}

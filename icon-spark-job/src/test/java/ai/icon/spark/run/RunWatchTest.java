package ai.icon.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunWatchTest {
  private static final Instant BEGUN = Instant.parse("2026-01-02T03:04:05Z");
  private static final DriverProcess ELSEWHERE = new DriverProcess("far", "other boot", 7, "9");

  @TempDir Path place;

  @Test
  void whereNoDriverCameNothingIsKnown() throws IOException {
    RunView view = look("");

    assertThat(view.verdict()).isEqualTo(RunView.Verdict.UNKNOWN);
    assertThat(view.exitCode()).isEqualTo(7);
    assertThat(view.isEnded()).isFalse();
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void aRunIsRunningWhileItsDriverHoldsItAndDeadBehindThat() throws IOException {
    RunFolder folder = folder();
    RunLease lease = take(folder);
    lease.folder().status(RunStatus.begun(BEGUN).in(StageName.SCORE, BEGUN));

    RunView running = look("");
    assertThat(running.verdict()).isEqualTo(RunView.Verdict.RUNNING);
    assertThat(running.exitCode()).isEqualTo(5);
    assertThat(running.text()).contains("running in stage score", "process ", "application app");

    lease.close();
    assertThat(look("").exitCode()).isEqualTo(6);
    assertThat(look("").text()).startsWith("killed in stage score, last heard of ");
  }

  @Test
  void whatADriverSaidAtItsEndCountsOnceItHasLetGo() throws IOException {
    RunFolder folder = folder();
    RunStatus begun = RunStatus.begun(BEGUN);
    RunLease lease = take(folder);
    folder.status(begun.failed(4, "disk full", BEGUN));
    assertThat(look("").verdict()).isEqualTo(RunView.Verdict.RUNNING);
    lease.close();

    assertThat(look("").exitCode()).isEqualTo(4);
    assertThat(look("").message()).isEqualTo("disk full");
    folder.status(begun.succeeded(BEGUN));
    assertThat(look("").exitCode()).isZero();
    assertThat(look("").json())
        .startsWith("{\"verdict\":\"succeeded\",\"exitCode\":0,\"run\":\"file:")
        .doesNotContain("\n")
        .contains("\"started\":\"2026-01-02T03:04:05Z\"");
  }

  @Test
  void waitingEndsWhenADriverElsewhereFallsSilent() throws IOException {
    RunFolder folder = folder();
    folder.status(RunStatus.begun(BEGUN));
    new LeaseFiles(folder.hadoop(), folder.root())
        .create(new Lease(1, "o", ELSEWHERE, "", 0, BEGUN.toString(), 200, 2000, false));

    assertThat(look("").verdict()).isEqualTo(RunView.Verdict.RUNNING);
    assertThat(watch("").await(Duration.ofSeconds(30)).exitCode()).isEqualTo(6);
  }

  @Test
  void waitingForNothingEndsAtItsLimit() throws IOException {
    assertThat(watch("").await(Duration.ofSeconds(1)).exitCode()).isEqualTo(7);
  }

  @Test
  void anAttemptIsNotTakenForTheOneBefore() throws IOException {
    RunFolder folder = folder();
    folder.status(RunStatus.begun(BEGUN, "monday").succeeded(BEGUN));
    assertThat(look("monday").exitCode()).isZero();
    assertThat(look("tuesday").exitCode()).isEqualTo(7);

    folder.attempt("tuesday", RunStatus.begun(BEGUN, "tuesday").failed(2, "no model", BEGUN));

    assertThat(look("tuesday").exitCode()).isEqualTo(2);
    assertThat(look("tuesday").message()).isEqualTo("no model");
    assertThat(look("").exitCode()).as("the run that lies there").isZero();
  }

  private RunFolder folder() {
    return RunFolder.create(place.toString(), new Configuration());
  }

  private static RunLease take(RunFolder folder) throws IOException {
    return RunLease.take(
        folder,
        "app",
        new PrintStream(java.io.OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
        () -> {});
  }

  private RunWatch watch(String attempt) {
    return new RunWatch(place.toString(), new Configuration(), attempt);
  }

  private RunView look(String attempt) throws IOException {
    return watch(attempt).look();
  }
}

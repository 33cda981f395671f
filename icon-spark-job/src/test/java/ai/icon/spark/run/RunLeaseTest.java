package ai.icon.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.ResourceError;
import ai.icon.spark.rows.FileCommit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RunLeaseTest {
  private static final DriverProcess ELSEWHERE = new DriverProcess("far", "other boot", 7, "9");
  private static final StageInputs INPUTS = StageInputs.of(Map.of("seed", "1"));

  @TempDir Path place;
  private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

  @Test
  void aSecondDriverIsRefusedAtOnceAndToldByWhom() throws IOException {
    RunFolder folder = folder("auto");
    long begun;
    try (RunLease first = take(folder)) {
      assertThat(first.lost()).isEmpty();
      begun = System.nanoTime();

      assertThatThrownBy(() -> take(folder))
          .isInstanceOf(ResourceError.class)
          .hasMessageContaining("Cannot take run " + folder.root())
          .hasMessageContaining("process " + ProcessHandle.current().pid() + " on ")
          .hasMessageContaining("(application app-1) is at it")
          .hasMessageContaining("choose another folder with --out");
    }
    assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rename", "object"})
  void ofManyAtTheSameTimeOneGetsIt(String way) throws Exception {
    RunFolder folder = folder(way);
    int drivers = 6;
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(drivers);
    try {
      List<Future<Object>> asked =
          java.util.stream.IntStream.range(0, drivers)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            start.await();
                            try {
                              return (Object) take(folder);
                            } catch (ResourceError e) {
                              return e;
                            }
                          }))
              .toList();
      start.countDown();
      List<RunLease> taken = new ArrayList<>();
      for (Future<Object> one : asked) {
        if (one.get() instanceof RunLease lease) {
          taken.add(lease); // closed behind the last answer: whoever is late would get it
        }
      }
      assertThat(taken).hasSize(1);
      taken.get(0).close();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aReleasedLeaseIsTakenAndTheOldOneRemoved() throws IOException {
    RunFolder folder = folder("auto");
    take(folder).close();

    try (RunLease second = take(folder)) {
      assertThat(second.folder().root()).isEqualTo(folder.root());
      assertThat(place.resolve("_icon/lease")).isDirectoryContaining("glob:**00000002.json");
      assertThat(place.resolve("_icon/lease")).isDirectoryNotContaining("glob:**00000001.json");
    }
    assertThat(said()).isEmpty();
  }

  @Test
  void aProcessThatIsGoneIsReplacedAtOnce() throws IOException {
    RunFolder folder = folder("auto");
    DriverProcess here = DriverProcess.here();
    // The number of a process that runs, which started at another time: the number is used again.
    leave(folder, new DriverProcess("here", here.machine(), here.pid(), here.start() + "1"));

    take(folder).close();

    assertThat(said()).contains("taking over from process " + here.pid() + " on here");
    assertThat(said()).contains("which is gone").doesNotContain("waiting");
  }

  @Test
  void aDriverThatEndedWithoutLettingGoDoesNotHoldUpTheNextOfItsProcess() throws IOException {
    RunFolder folder = folder("auto");
    RunLease first = take(folder);
    String held = Files.readString(lease(1));
    assertThat(held).contains("\"isReleased\" : false");
    first.close();
    Files.writeString(lease(1), held); // as it is left where closing was interrupted

    take(folder).close();

    assertThat(said()).contains("taking over from process ", "which is gone");
  }

  @Test
  void aSilentDriverElsewhereIsWaitedForAndReplaced() throws IOException {
    RunFolder folder = folder("auto");
    leave(folder, ELSEWHERE);
    long begun = System.nanoTime();

    take(folder).close();

    assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(500));
    assertThat(said()).contains("waiting for process 7 on far (application app-0)");
    assertThat(said()).contains("taking over from process 7 on far (application app-0), which is");
  }

  @Test
  void whatIsLongSilentIsNotWaitedForWhateverTheOwnersClockSaid() throws IOException {
    RunFolder folder = folder("auto");
    leave(folder, ELSEWHERE); // its own time stamp is far in the future
    assertThat(lease(1).toFile().setLastModified(System.currentTimeMillis() - 100_000)).isTrue();

    take(folder).close();

    assertThat(said()).doesNotContain("waiting").contains("taking over");
  }

  @Test
  void aDriverElsewhereWhoseHeartBeatsIsNotReplaced() throws Exception {
    RunFolder folder = folder("auto");
    Lease far = leave(folder, ELSEWHERE);
    Thread heart =
        new Thread(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(600);
                new LeaseFiles(folder.hadoop(), folder.root()).write(far.beaten(Instant.now()));
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    heart.start();

    assertThatThrownBy(() -> take(folder))
        .isInstanceOf(ResourceError.class)
        .hasMessageContaining("process 7 on far (application app-0) is at it");
    heart.join();
  }

  @Test
  void aDriverThatWasReplacedIsToldAndWritesNothingMore() throws Exception {
    RunFolder folder = folder("auto");
    CountDownLatch told = new CountDownLatch(1);
    RunLease old = RunLease.take(folder, "app-1", silent(), told::countDown);
    RunFolder held = old.folder();
    held.begin(StageName.SCORE, INPUTS);
    ShardCommit commits = held.commits(ShardSet.PAIRS);
    new LeaseFiles(folder.hadoop(), folder.root()).create(leaseOf(2, ELSEWHERE));
    Path half = Files.createDirectories(place.resolve("pairs")).resolve("_tmp.successors");
    Files.writeString(half, "being written");

    assertThatThrownBy(() -> held.status(RunStatus.begun(Instant.now())))
        .isInstanceOf(ResourceError.class)
        .hasMessageContaining("another driver has taken it over");
    assertThatThrownBy(() -> held.begin(StageName.RANK, INPUTS)).isInstanceOf(ResourceError.class);
    assertThatThrownBy(() -> held.redo(StageName.SCORE)).isInstanceOf(ResourceError.class);
    StageRecord record = StageRecord.of(StageName.SCORE, INPUTS, 1, 0, Map.of(), Map.of());
    assertThatThrownBy(() -> held.complete(record)).isInstanceOf(ResourceError.class);
    assertThat(half).exists();
    try (ShardAttempt zombie =
        commits.attempt(0, 1, new ai.icon.spark.rows.TableFooter("r", "m", "t", "1"))) {
      assertThatThrownBy(() -> zombie.commit(1, 1, 1)).isInstanceOf(ResourceError.class);
    }

    assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(old.lost().orElseThrow()).hasMessageContaining("has taken it over");
    old.close();
    assertThat(Files.readString(lease(2))).contains("\"isReleased\" : false");
    assertThat(commits.committed()).isEmpty();
  }

  @Test
  void aDriverWhoseFolderIsRemovedIsToldSoAndMayBeTriedAgain() throws Exception {
    RunFolder folder = folder("auto");
    CountDownLatch told = new CountDownLatch(1);
    RunLease lease = RunLease.take(folder, "app-1", silent(), told::countDown);
    // A beat may be under way and put its file back.
    while (!told.await(50, TimeUnit.MILLISECONDS)) {
      FileUtils.deleteDirectory(place.resolve("_icon").toFile());
    }

    assertThat(lease.lost().orElseThrow())
        .isInstanceOf(ResourceError.class)
        .hasMessageContaining("Cannot go on with run " + folder.root())
        .hasMessageContaining("its folder was removed while it ran")
        .hasMessageContaining("run the same command again");
    assertThatThrownBy(() -> lease.folder().redo(StageName.SCORE))
        .isInstanceOf(ResourceError.class)
        .hasMessageContaining("its folder was removed while it ran");
    lease.close();
  }

  @Test
  void ofTwoThatAStoreLetCreateTheSameEpochTheFirstStops() throws Exception {
    RunFolder folder = folder("object");
    CountDownLatch told = new CountDownLatch(1);
    RunLease first = RunLease.take(folder, "app-1", silent(), told::countDown);
    Lease other = leaseOf(1, ELSEWHERE);
    // A beat of the first may be under way meanwhile: the other one is at it until it stays.
    while (!told.await(50, TimeUnit.MILLISECONDS)) {
      new LeaseFiles(folder.hadoop(), folder.root()).write(other);
    }

    assertThat(first.lost().orElseThrow()).hasMessageContaining("another driver has taken it over");
    first.close();
    assertThat(Files.readString(lease(1))).contains("owner 1", "\"isReleased\" : false");
  }

  @Test
  void aHalfWrittenLeaseHoldsNobodyUp() throws IOException {
    RunFolder folder = folder("auto");
    Files.createDirectories(place.resolve("_icon/lease"));
    Files.writeString(lease(1), "{\"epoch\"");

    take(folder).close();

    assertThat(Files.readString(lease(2))).contains("\"isReleased\" : true");
  }

  private RunFolder folder(String way) {
    Configuration hadoop = new Configuration();
    hadoop.set("icon.lease.beat", "200ms");
    hadoop.set("icon.lease.stale", "1500ms");
    hadoop.set(FileCommit.SETTING, way);
    return RunFolder.create(place.toString(), hadoop);
  }

  private RunLease take(RunFolder folder) throws IOException {
    return RunLease.take(
        folder, "app-1", new PrintStream(messages, true, StandardCharsets.UTF_8), () -> {});
  }

  private static PrintStream silent() {
    return new PrintStream(java.io.OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
  }

  private static Lease leave(RunFolder folder, DriverProcess driver) throws IOException {
    Lease lease = leaseOf(1, driver);
    new LeaseFiles(folder.hadoop(), folder.root()).create(lease);
    return lease;
  }

  private static Lease leaseOf(long epoch, DriverProcess driver) {
    return new Lease(
        epoch, "owner " + epoch, driver, "app-0", 3, "2999-01-01T00:00:00Z", 200, 1500, false);
  }

  private Path lease(long epoch) {
    return place.resolve("_icon/lease/0000000" + epoch + ".json");
  }

  private String said() {
    return messages.toString(StandardCharsets.UTF_8);
  }
}

package ai.icon.spark.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two drivers on one run folder: processes, both of them. */
@Timeout(300)
class TwoAtOnceIT {
  private static final String ICON = "ai.icon.spark.cli.IconJob";
  private static final int ASSESSED = 8;
  private static final int SHARD_TOKENS = 400; // about a shard for each candidate

  @TempDir static Path place;
  private static Path run;
  private static List<IconProcess> drivers;

  @BeforeAll
  static void twoDrivers() throws IOException, InterruptedException {
    List<String> job = TinyJob.arguments(place, ASSESSED, SHARD_TOKENS);
    run = place.resolve("run");
    try (IconProcess first = new LocalCluster(ICON, job, place.resolve("first")).start(run);
        IconProcess second = new LocalCluster(ICON, job, place.resolve("second")).start(run)) {
      drivers = List.of(first, second);
      for (IconProcess driver : drivers) {
        assertThat(driver.endsIn(TimeUnit.MINUTES.toMillis(3))).as(driver.printed()).isTrue();
      }
    }
  }

  @Test
  void ofTwoDriversThatBeginTogetherOneRunsAndOneIsRefused() throws IOException {
    assertThat(drivers).extracting(IconProcess::exitCode).containsExactlyInAnyOrder(0, 4);
    IconProcess refused = drivers.get(drivers.get(0).exitCode() == 4 ? 0 : 1);
    assertThat(refused.printed()).contains("Cannot take run file:" + run, "is at it");
    TinyJob.assertClean(run);
  }
}

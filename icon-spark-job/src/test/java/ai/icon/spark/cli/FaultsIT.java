package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.fault.FaultBenchmark;
import ai.icon.spark.fault.FaultReport;
import ai.icon.spark.fault.Kill;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Executors and drivers, all of them processes, killed at random moments of whole runs. */
@Timeout(900)
class FaultsIT {
  private static final int KILLS = 20;
  private static final long SEED = 9;

  @TempDir Path place;

  @Test
  void twentyKillsCostNoMoreThanWhatWasInFlight() throws IOException, InterruptedException {
    List<String> job =
        new JobFixture(place)
            .run(60, 8, "--candidates", "40", "--budget", "20%", "--shard-tokens", "400");

    FaultReport report =
        new FaultBenchmark(
                IconJob.class.getName(),
                JobFixture.without(job, "--master"),
                KILLS,
                SEED,
                place.resolve("work"))
            .run(System.out);

    System.out.println(report.table());
    System.out.println(report.json());
    assertThat(report.kills()).hasSize(KILLS);
    assertThat(report.differences()).isEmpty();
    assertThat(report.orphans()).isEmpty();
    assertThat(report.rewritten()).as("finished shards that were done again").isZero();
    assertThat(report.kills()).allMatch(kill -> kill.repeated() <= kill.cores());
    assertThat(report.kills()).anyMatch(Kill::isDriver).anyMatch(kill -> !kill.isDriver());
    assertThat(report.isGood()).isTrue();
  }
}

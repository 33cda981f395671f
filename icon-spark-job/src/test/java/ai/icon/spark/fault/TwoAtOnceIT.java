package ai.icon.spark.fault;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.LocalIcon;
import ai.icon.spark.run.RunAudit;
import ai.icon.spark.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two drivers on one run folder: processes, both of them. */
@Timeout(300)
class TwoAtOnceIT {
  private static final String ICON = "ai.icon.spark.cli.IconJob";
  private static final Path DEMO = Path.of("../tools/tiny-icl/demo");

  @TempDir static Path place;
  private static List<String> job;
  private static Path run;
  private static List<IconProcess> drivers;

  @BeforeAll
  static void twoDrivers() throws IOException, InterruptedException {
    job =
        List.of(
            "run",
            "--pool",
            lines("pool.jsonl", 40),
            "--assessment",
            lines("assessment.jsonl", 8),
            "--model",
            Path.of(LocalIcon.TRAINED_MODEL).toAbsolutePath().normalize().toString(),
            "--threads",
            "1",
            "--measure",
            "log",
            "--max-reject-share",
            "0.5",
            "--candidates",
            "30",
            "--shard-tokens",
            "400",
            "--budget",
            "20%");
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
    assertClean(run);
  }

  private static void assertClean(Path folder) throws IOException {
    assertThat(RunAudit.of(RunFolder.open(folder.toString(), new Configuration())))
        .isEqualTo(new RunAudit(List.of(), List.of()));
  }

  private static String lines(String name, int count) throws IOException {
    List<String> all = Files.readAllLines(DEMO.resolve(name));
    return Files.write(place.resolve(name), all.subList(0, count)).toString();
  }
}

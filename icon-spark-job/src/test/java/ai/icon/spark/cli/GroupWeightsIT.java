package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.rows.Table;
import ai.icon.spark.run.RunAudit;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.StageName;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Other weights of the groups for a run that is scored, beside one that was scored under them. */
class GroupWeightsIT {
  private static final String WEIGHTS = "listing=5,sorting=0";

  @TempDir static Path place;
  private static JobFixture job;
  private static List<String> command;
  private static Path even;
  private static Path weighed;

  private Path run;

  @BeforeAll
  static void scoreUnderBoth() throws IOException {
    job = new JobFixture(place);
    command = job.run(40, 12, "--candidates", "20", "--shard-tokens", "1500", "--budget", "25%");
    even = job.path("even");
    weighed = job.path("weighed");
    JobFixture.icon(JobFixture.with(command, "--out", even.toString())).succeeded();
    JobFixture.icon(to(weighed)).succeeded();
    assertThat(JobFixture.rows(even, Table.CONTRIBUTIONS))
        .as("the weights count")
        .isNotEqualTo(JobFixture.rows(weighed, Table.CONTRIBUTIONS));
    assertThat(JobFixture.parquet(even, Table.PAIRS)).hasSizeGreaterThan(2);
  }

  private static List<String> to(Path out, String... more) {
    return JobFixture.with(
        JobFixture.with(command, "--out", out.toString(), "--group-weights", WEIGHTS), more);
  }

  private static List<String> reweigh(Path out, String... more) {
    List<String> arguments = new ArrayList<>(to(out, more));
    arguments.add("--reweigh");
    return arguments;
  }

  @BeforeEach
  void copy(TestInfo test) throws IOException {
    run = job.path(test.getTestMethod().orElseThrow().getName());
    for (Path file : JobFixture.files(even)) {
      Path target = run.resolve(even.relativize(file));
      Files.createDirectories(target.getParent());
      Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  @Test
  void theStoredPairsAreWeighedAnewAndNoneIsScoredAgain() throws IOException {
    SortedMap<String, String> scored = scored(run);

    JobFixture.icon(reweigh(run)).succeeded();

    assertThat(scored(run)).isEqualTo(scored);
    JobFixture.assertSameResults(run, weighed);
    for (Path file : JobFixture.parquet(run, Table.CONTRIBUTIONS)) {
      assertThat(file).hasSameBinaryContentAs(weighed.resolve(run.relativize(file)));
    }
    assertClean();
    SortedMap<String, String> all = JobFixture.changes(run.resolve("contributions"));
    JobFixture.icon(reweigh(run)).succeeded(); // as a scheduler tries again
    assertThat(JobFixture.changes(run.resolve("contributions"))).isEqualTo(all);
    assertThat(scored(run)).isEqualTo(scored);
  }

  @Test
  void unaskedTheRunStaysAsItIs() throws IOException {
    SortedMap<String, String> before = JobFixture.changes(run);

    JobFixture.Ended refused = JobFixture.icon(to(run));

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains("score.groupWeights: was {}, now {listing=5.0, sorting=0.0}")
        .contains("Weigh its pairs anew, none of which is scored again");
    assertThat(JobFixture.changes(run)).isEqualTo(before);
  }

  @Test
  void aGroupThatIsNotThereIsRefusedBeforeARankingIsLost() throws IOException {
    SortedMap<String, String> before = JobFixture.changes(run);

    JobFixture.Ended refused = JobFixture.icon(reweigh(run, "--group-weights", "lsiting=5"));

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("no group \"lsiting\" in the assessment set");
    assertThat(JobFixture.changes(run)).isEqualTo(before);
  }

  @Test
  void aDryRunSaysWhatWouldBeDone() throws IOException {
    List<String> arguments = reweigh(run);
    arguments.add("--dry-run");

    assertThat(JobFixture.icon(arguments).succeeded().out())
        .contains("assess    is complete", "score     would weigh its pairs anew")
        .contains("train     would run");
  }

  @Test
  void ofAHalfScoredRunTheMissingShardAloneIsScored() throws IOException {
    unfinish();
    SortedMap<String, String> scored = scored(run);

    JobFixture.icon(reweigh(run)).succeeded();

    SortedMap<String, String> now = scored(run);
    assertThat(now.keySet().removeIf(name -> name.matches(".*pairs.*-00001\\.(json|parquet)")))
        .isTrue();
    assertThat(now).isEqualTo(scored);
    JobFixture.assertSameResults(run, weighed);
    assertClean();
  }

  /** As a driver leaves it that is killed among the pairs. */
  private void unfinish() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Path stages = run.resolve("_icon/stages");
    ObjectNode record = (ObjectNode) json.readTree(stages.resolve("score.json").toFile());
    json.writeValue(stages.resolve("score.started.json").toFile(), record.get("inputs"));
    for (StageName stage : StageName.SCORE.andLater()) {
      Files.deleteIfExists(stages.resolve(stage.text() + ".json"));
    }
    Files.delete(run.resolve("_icon/commits/pairs-00001.json"));
    Files.delete(run.resolve("pairs/part-00001.parquet"));
    Files.delete(run.resolve("contributions/part-00001.parquet"));
  }

  private void assertClean() throws IOException {
    assertThat(RunAudit.of(RunFolder.open(run.toString(), new Configuration())))
        .isEqualTo(new RunAudit(List.of(), List.of()));
  }

  /** What passes through the model leave: losses, pairs and the markers of their shards. */
  private static SortedMap<String, String> scored(Path run) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    for (String folder : List.of("baseline", "control", "pairs", "_icon/commits")) {
      JobFixture.changes(run.resolve(folder))
          .forEach((name, time) -> files.put(folder + "/" + name, time));
    }
    files.keySet().removeIf(name -> name.startsWith("_icon/commits/predictions-"));
    return files;
  }
}

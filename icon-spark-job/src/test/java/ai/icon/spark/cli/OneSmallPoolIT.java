package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.rows.Table;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a few samples give under every kind of setting. */
class OneSmallPoolIT {
  private static final List<String> COUNTS =
      List.of(
          "read",
          "rejects",
          "duplicates",
          "overlap",
          "assessment",
          "assessmentFromPool",
          "pool",
          "candidates",
          "scored",
          "pairs",
          "nonFinite",
          "ranked",
          "selected",
          "selectedTokens");

  @TempDir Path place;
  private JobFixture job;
  private Path out;

  @BeforeEach
  void make() {
    job = new JobFixture(place);
    out = job.path("out");
  }

  @Test
  void whereAllIsScoredTheMeasuredOrderIsTheRanking() throws IOException {
    JsonNode manifest = ran(8, "--candidates", "all", "--budget", "50%");

    assertThat(JobFixture.column(out, Table.RANKING, "origin")).containsOnly("scored");
    List<String> scores = JobFixture.column(out, Table.RANKING, "score");
    assertThat(scores).isEqualTo(JobFixture.column(out, Table.RANKING, "measured"));
    assertThat(scores.stream().map(Double::valueOf).toList())
        .isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(JobFixture.column(out, Table.RANKING, "predicted")).containsOnly("");
    assertThat(JobFixture.column(out, Table.RANKING, "position").get(0)).isEqualTo("1");
    assertThat(manifest.get("selector").asText()).isEqualTo("not trained: none is needed");
    assertThat(out.resolve("selector")).doesNotExist();
    long pool = manifest.at("/counts/pool").asLong();
    assertThat(manifest.at("/counts/selected").asLong()).isEqualTo(pool / 2);
    assertThat(manifest.at("/stages").fieldNames()).toIterable().hasSize(6);
    assertThat(manifest.at("/stages/score/tokens").asLong()).isPositive();
  }

  @Test
  void aFullyScoredPoolCanStillBeRankedByPrediction() throws IOException {
    ran(8, "--candidates", "all", "--budget", "2");

    JobFixture.Ended behind =
        JobFixture.icon(
            JobFixture.with(
                List.of("rank", "--out", out.toString()),
                "--rank-by",
                "predicted",
                "--redo",
                "rank"));

    assertThat(behind.code()).isEqualTo(2);
    assertThat(behind.err()).contains("the selector", "--redo train");
  }

  @Test
  void textAloneCanPredict() throws IOException {
    JsonNode manifest =
        ran(60, "--candidates", "30", "--selector", "ngram", "--rank-by", "predicted");

    assertThat(JobFixture.column(out, Table.RANKING, "score"))
        .isEqualTo(JobFixture.column(out, Table.RANKING, "predicted"))
        .doesNotContain("");
    assertThat(JobFixture.column(out, Table.RANKING, "origin")).contains("scored", "predicted");
    // Under 50 scored candidates: the report says how little that is.
    assertThat(manifest.get("selector").toString()).contains("trust");
    assertThat(manifest.at("/stages/train").has("tokens")).isFalse();
  }

  @Test
  void withoutSelectorOnlyScoredSamplesAreSelected() throws IOException {
    JsonNode manifest = ran(30, "--candidates", "10", "--selector", "none", "--budget", "5");

    assertThat(JobFixture.column(out, Table.SELECTION, "origin")).hasSize(5).containsOnly("scored");
    assertThat(manifest.at("/counts/ranked")).isEqualTo(manifest.at("/counts/pool"));
  }

  @Test
  void everyMeasureIsWhatItsNameSays() throws IOException {
    ran(8, "--candidates", "all", "--measure", "icon");
    // No control: none is scored, none is told.
    assertThat(JobFixture.rows(out, Table.CONTROL)).isEmpty();
    List<double[]> icon = losses();
    for (double[] pair : icon) {
      double alone = Math.exp(pair[0]);
      assertThat(pair[3]).isEqualTo((alone - Math.exp(pair[1])) / (alone + 1e-6));
    }

    out = job.path("log");
    ran(8, "--candidates", "all", "--measure", "log");
    List<double[]> log = losses();
    for (int i = 0; i < log.size(); i++) {
      assertThat(log.get(i)[3]).isEqualTo(log.get(i)[2] - log.get(i)[1]);
      assertThat(log.get(i)[0]).isEqualTo(icon.get(i)[0]);
      assertThat(log.get(i)[1]).isEqualTo(icon.get(i)[1]);
    }
  }

  @Test
  void theReleasedArithmeticRuns() throws IOException {
    JsonNode manifest =
        ran(
            8,
            "--candidates",
            "4",
            "--compat",
            "official",
            "--measure",
            "rico",
            "--selector",
            "none",
            "--budget",
            "2");

    assertThat(manifest.at("/counts/pairs").asLong()).isEqualTo(4 * 6);
    assertThat(JobFixture.column(out, Table.PAIRS, "control_nll")).doesNotContain("");
  }

  @Test
  void aBudgetOfTokensIsKept() throws IOException {
    JsonNode manifest = ran(20, "--candidates", "all", "--budget", "150tokens");

    assertThat(manifest.at("/counts/selectedTokens").asLong()).isBetween(1L, 150L);
    int selected = manifest.at("/counts/selected").asInt();
    List<String> tokens = JobFixture.column(out, Table.RANKING, "tokens");
    // One more would not have fitted: the longest head of the ranking within the budget.
    long withNext = tokens.subList(0, selected + 1).stream().mapToLong(Long::parseLong).sum();
    assertThat(withNext).isGreaterThan(150);
    assertThat(JobFixture.column(out, Table.SELECTION, "sample_id"))
        .isEqualTo(JobFixture.column(out, Table.RANKING, "sample_id").subList(0, selected));
  }

  /** Baseline, conditioned, control and contribution of every pair. */
  private List<double[]> losses() throws IOException {
    List<List<String>> columns = new ArrayList<>();
    for (String name : List.of("baseline_nll", "conditioned_nll", "control_nll", "contribution")) {
      columns.add(JobFixture.column(out, Table.PAIRS, name));
    }
    List<double[]> pairs = new ArrayList<>();
    for (int i = 0; i < columns.get(0).size(); i++) {
      int row = i;
      pairs.add(
          columns.stream()
              .mapToDouble(
                  column ->
                      column.get(row).isEmpty() ? Double.NaN : Double.parseDouble(column.get(row)))
              .toArray());
    }
    assertThat(pairs).isNotEmpty();
    return pairs;
  }

  private JsonNode ran(int pool, String... more) throws IOException {
    List<String> command = job.run(pool, 6, "--out", out.toString());
    JobFixture.icon(JobFixture.with(command, more)).succeeded();
    JsonNode manifest = new ObjectMapper().readTree(out.resolve("manifest.json").toFile());
    JsonNode counts = manifest.get("counts");
    assertThat(counts.fieldNames()).toIterable().containsExactlyElementsOf(COUNTS);
    assertThat(count(counts, "read"))
        .isEqualTo(pool)
        .isEqualTo(
            count(counts, "rejects")
                + count(counts, "duplicates")
                + count(counts, "overlap")
                + count(counts, "assessmentFromPool")
                + count(counts, "pool"));
    assertThat(count(counts, "pairs"))
        .isEqualTo(count(counts, "scored") * count(counts, "assessment"))
        .isEqualTo(JobFixture.rows(out, Table.PAIRS).size());
    assertThat(count(counts, "ranked"))
        .isEqualTo(count(counts, "pool"))
        .isEqualTo(JobFixture.rows(out, Table.RANKING).size());
    assertThat(count(counts, "selected")).isEqualTo(JobFixture.rows(out, Table.SELECTION).size());
    return manifest;
  }

  private static long count(JsonNode counts, String name) {
    return counts.get(name).asLong();
  }
}

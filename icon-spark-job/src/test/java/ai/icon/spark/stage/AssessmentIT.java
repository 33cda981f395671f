package ai.icon.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.LocalIcon;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Assessment sets from files and from the pool itself. */
class AssessmentIT {
  private static final Path DEMO_POOL = Path.of("../tools/tiny-icl/demo/pool.jsonl");
  private static final int SAMPLES = 90;

  @TempDir private static Path folder;

  private static SparkSession spark;
  private static LocalIcon icon;
  private static Path pool;
  private static Map<String, Long> planted;

  @BeforeAll
  static void writePool() throws IOException {
    spark = LocalIcon.session();
    icon = new LocalIcon(spark);
    List<String> rows = Files.readAllLines(DEMO_POOL).stream().distinct().limit(SAMPLES).toList();
    pool = Files.write(folder.resolve("pool.jsonl"), rows);
    Path run = folder.resolve("all");
    assertThat(execute("ingest", run, "--pool", pool.toString()).code()).isZero();
    planted = new TreeMap<>();
    for (Row row : samples(run)) {
      planted.merge(row.getString(1), 1L, Long::sum);
    }
    assertThat(planted).hasSizeGreaterThanOrEqualTo(4);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void aFileGivesItsExamplesAndTheirGroups() throws IOException {
    Path file =
        Files.write(
            folder.resolve("groups.jsonl"),
            List.of(
                "{\"instruction\":\"q1\",\"input\":\"i\",\"output\":\"a1\",\"group\":\"maths\"}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"q2\"},{\"role\":\"assistant\",\"content\":\"a2\"}],"
                    + "\"group\":7}",
                "{\"prompt\":\"q3\",\"completion\":\"a3\"}",
                "{\"prompt\":\"q3\",\"completion\":\"a3\",\"group\":\"zz\"}"));
    Path run = folder.resolve("groups");
    LocalIcon.Outcome outcome =
        assess(run, "--pool", pool.toString(), "--assessment", file.toString());
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    Map<String, String> groups = new TreeMap<>();
    for (Row row : assessment(run)) {
      groups.put(row.<String>getAs("prompt") + row.getAs("response"), row.getAs("group"));
      assertThat(row.<Integer>getAs("response_tokens")).isPositive();
    }
    assertThat(groups)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "### Instruction:\nq1\n\n### Input: i\n\n### Response:a1", "maths",
                "### Instruction:\nq2\n\n### Response:a2", "7",
                "### Instruction:\nq3\n\n### Response:a3", "all"));
    JsonNode manifest = LocalIcon.manifest(run);
    assertThat(manifest.path("counts").path("assessment").asInt()).isEqualTo(3);
    assertThat(manifest.path("assessmentDuplicates").asInt()).isEqualTo(1);
  }

  @Test
  void aFewBadRowsGoToATableOfTheirOwn() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      rows.add("{\"instruction\":\"q" + i + "\",\"output\":\"a\"}");
    }
    rows.add("{\"instruction\":\"q\",\"output\":\"\"}");
    Path file = Files.write(folder.resolve("few-bad.jsonl"), rows);
    Path run = folder.resolve("few-bad");
    LocalIcon.Outcome outcome =
        assess(run, "--pool", pool.toString(), "--assessment", file.toString());
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    List<Row> rejects = icon.table(run, "assessment_rejects").collectAsList();
    assertThat(rejects).hasSize(1);
    assertThat(rejects.get(0).<String>getAs("source")).isEqualTo(file.toString());
    assertThat(rejects.get(0).<Long>getAs("line")).isEqualTo(31);
    assertThat(rejects.get(0).<String>getAs("code")).isEqualTo("empty_response");
    assertThat(LocalIcon.manifest(run).path("assessmentRejects").asInt()).isEqualTo(1);
  }

  @Test
  void aReleasedFileKeepsItsPromptsAsTheyAre() throws IOException {
    Path file =
        Files.write(
            folder.resolve("released.jsonl"),
            List.of(
                "{\"dataset\":\"boolq\",\"inputs\":\"Is it so?\\nAnswer:\",\"response\":\" yes\",\"group\":\"reading\"}",
                "{\"dataset\":\"boolq\",\"inputs\":\"And this?\\nAnswer: \",\"response\":\"no\",\"group\":\"reading\"}"));
    Path run = folder.resolve("released");
    assertThat(assess(run, "--pool", pool.toString(), "--assessment", file.toString()).code())
        .isZero();
    assertThat(assessment(run))
        .extracting(row -> row.getAs("prompt") + "|" + row.getAs("response"))
        .containsExactlyInAnyOrder("Is it so?\nAnswer:| yes", "And this?\nAnswer: |no");
    LocalIcon.Outcome outcome =
        execute(
            "run",
            folder.resolve("released-chat"),
            "--until",
            "assess",
            "--pool",
            pool.toString(),
            "--assessment",
            file.toString(),
            "--template",
            "chat",
            "--model",
            LocalIcon.RANDOM_MODEL);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.errors())
        .contains("with --template chat: its prompts are already templated");
  }

  @Test
  void aSizeDrawsFromEveryGroupInProportionByTheSeed() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      String group = i < 12 ? "large" : i < 20 ? "middle" : "small";
      rows.add("{\"prompt\":\"q" + i + "\",\"completion\":\"a\",\"group\":\"" + group + "\"}");
    }
    Path file = Files.write(folder.resolve("sized.jsonl"), rows);
    Set<String> first = sized(file, "sized-1", "1");
    assertThat(sized(file, "sized-again", "1")).isEqualTo(first);
    assertThat(sized(file, "sized-2", "2")).isNotEqualTo(first);
  }

  private static Set<String> sized(Path file, String name, String seed) {
    Path run = folder.resolve(name);
    assertThat(
            assess(
                    run,
                    "--pool",
                    pool.toString(),
                    "--assessment",
                    file.toString(),
                    "--assessment-size",
                    "6",
                    "--seed",
                    seed)
                .code())
        .isZero();
    assertThat(byGroup(run)).isEqualTo(Map.of("large", 3L, "middle", 2L, "small", 1L));
    return ids(run);
  }

  @Test
  void aStratifiedDrawTakesItsShareOfEveryValueOutOfThePool() throws IOException {
    int size = 30;
    Set<String> first = null;
    for (int partitions : List.of(1, 3, 8)) {
      Path run = folder.resolve("stratified-" + partitions);
      LocalIcon.Outcome outcome =
          assess(
              run,
              "--pool",
              view(partitions),
              "--stratify-by",
              "planted",
              "--assessment-size",
              Integer.toString(size));
      assertThat(outcome.code()).as(outcome.errors()).isZero();
      assertTakenOut(run, size);
      Map<String, Long> drawn = byGroup(run);
      planted.forEach(
          (value, count) ->
              assertThat((double) drawn.getOrDefault(value, 0L))
                  .as(value)
                  .isBetween(Math.floor(count / 3.0 - 0.5), Math.ceil(count / 3.0 + 0.5)));
      first = first == null ? ids(run) : first;
      assertThat(ids(run)).isEqualTo(first);
    }
  }

  @Test
  void aClusteredDrawSpreadsOverTheClustersAndIsTheSameHoweverThePoolIsCut() throws IOException {
    int size = 16;
    List<Row> first = List.of();
    for (int partitions : List.of(1, 3, 8)) {
      Path run = folder.resolve("clustered-" + partitions);
      LocalIcon.Outcome outcome =
          assess(
              run,
              "--pool",
              view(partitions),
              "--assessment-draw",
              "clustered",
              "--assessment-size",
              Integer.toString(size));
      assertThat(outcome.code()).as(outcome.errors()).isZero();
      assertTakenOut(run, size);
      assertThat(byGroup(run)).hasSizeBetween(2, 4);
      assertThat(byGroup(run).keySet()).allMatch(group -> group.matches("cluster-[0-3]"));
      first = first.isEmpty() ? assessment(run) : first;
      assertThat(assessment(run)).isEqualTo(first);
    }
  }

  @Test
  void whatCannotBeDrawnIsTheUsersErrorAndTheRunGoesOnOnceItIsMended() {
    Path run = folder.resolve("mended");
    LocalIcon.Outcome outcome =
        assess(run, "--pool", pool.toString(), "--stratify-by", "plantd", "--assessment-size", "8");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.errors()).contains("Cannot draw by column \"plantd\": no sample has it.");
    outcome =
        assess(
            run,
            "--pool",
            pool.toString(),
            "--stratify-by",
            "planted",
            "--assessment-size",
            "5000");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.errors()).contains("Cannot draw the assessment set: 5000 asked for, ");
    outcome =
        assess(
            run, "--pool", pool.toString(), "--stratify-by", "planted", "--assessment-size", "8");
    assertThat(outcome.code()).as(outcome.errors()).isZero();
  }

  @Test
  void aChangedFirstFileOfSeveralIsAnotherInput() throws IOException {
    Path several = Files.createDirectory(folder.resolve("several"));
    Files.writeString(several.resolve("a.jsonl"), "{\"prompt\":\"q1\",\"completion\":\"a\"}\n");
    Files.writeString(several.resolve("b.jsonl"), "{\"prompt\":\"q2\",\"completion\":\"a\"}\n");
    Path run = folder.resolve("several-run");
    String[] arguments = {"--pool", pool.toString(), "--assessment", several + "/*.jsonl"};
    assertThat(assess(run, arguments).code()).isZero();
    assertThat(assessment(run)).hasSize(2);
    Files.writeString(
        several.resolve("a.jsonl"), "{\"prompt\":\"other q\",\"completion\":\"a\"}\n");
    LocalIcon.Outcome outcome = assess(run, arguments);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.errors()).contains("assessment source 1: was ");
  }

  private static void assertTakenOut(Path run, int size) throws IOException {
    JsonNode counts = LocalIcon.manifest(run).path("counts");
    assertThat(counts.path("assessment").asInt()).isEqualTo(size);
    assertThat(counts.path("assessmentFromPool").asInt()).isEqualTo(size);
    assertThat(counts.path("pool").asInt())
        .isEqualTo(
            counts.path("read").asInt()
                - counts.path("rejects").asInt()
                - counts.path("duplicates").asInt()
                - counts.path("overlap").asInt()
                - size);
    List<Row> pool = icon.table(run, "pool").collectAsList();
    assertThat(pool).hasSize(counts.path("pool").asInt());
    assertThat(texts(pool)).doesNotContainAnyElementsOf(texts(assessment(run)));
    assertThat(assessment(run)).allMatch(row -> row.<Boolean>getAs("from_pool"));
  }

  private static List<String> texts(List<Row> rows) {
    return rows.stream().map(row -> row.getAs("prompt") + "|" + row.getAs("response")).toList();
  }

  private static Map<String, Long> byGroup(Path run) {
    Map<String, Long> groups = new TreeMap<>();
    assessment(run).forEach(row -> groups.merge(row.getAs("group"), 1L, Long::sum));
    return groups;
  }

  private static Set<String> ids(Path run) {
    Set<String> ids = new TreeSet<>();
    assessment(run).forEach(row -> ids.add(row.getAs("assessed_id")));
    return ids;
  }

  private static List<Row> assessment(Path run) {
    return icon.table(run, "assessment").orderBy("assessed_id").collectAsList();
  }

  /** Id and planted kind of every sample. */
  private static List<Row> samples(Path run) {
    return icon.table(run, "_icon/samples")
        .selectExpr("sample_id", "get_json_object(raw, '$.planted')")
        .collectAsList();
  }

  /** The pool as a table cut into so many parts. */
  private static String view(int partitions) throws IOException {
    List<String> rows = Files.readAllLines(pool);
    spark
        .read()
        .json(spark.createDataset(rows, Encoders.STRING()))
        .repartition(partitions)
        .createOrReplaceTempView("pool_" + partitions);
    return "table:pool_" + partitions;
  }

  private static LocalIcon.Outcome assess(Path run, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--until", "assess"));
    arguments.addAll(List.of(more));
    return execute("run", run, arguments.toArray(String[]::new));
  }

  private static LocalIcon.Outcome execute(String command, Path run, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "--out", run.toString()));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--model")) {
      arguments.addAll(List.of("--model", LocalIcon.TRAINED_MODEL));
    }
    return icon.execute(arguments);
  }
}

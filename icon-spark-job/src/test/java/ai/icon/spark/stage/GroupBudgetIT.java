package ai.icon.spark.stage;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.LocalIcon;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A budget for each group of the pool's own column. */
class GroupBudgetIT {
  @TempDir private static Path folder;

  private static SparkSession spark;
  private static LocalIcon icon;
  private static Path run;

  @BeforeAll
  static void rank() throws IOException {
    spark = LocalIcon.session();
    icon = new LocalIcon(spark);
    List<String> pool = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String group = i % 5 == 0 ? "" : ",\"task\":\"" + (i % 5 < 3 ? "cot" : "niv") + "\"";
      pool.add(
          "{\"instruction\":\"Say " + i + "\",\"output\":\"This is " + i + ".\"" + group + "}");
    }
    Path assessment =
        Files.write(
            folder.resolve("assessment.jsonl"),
            List.of("{\"instruction\":\"What?\",\"output\":\"That.\",\"group\":\"g\"}"));
    run = folder.resolve("run");
    LocalIcon.Outcome outcome =
        icon.execute(
            List.of(
                "run",
                "--pool",
                Files.write(folder.resolve("pool.jsonl"), pool).toString(),
                "--assessment",
                assessment.toString(),
                "--model",
                LocalIcon.RANDOM_MODEL,
                "--candidates",
                "all",
                "--measure",
                "icon",
                "--selector",
                "none",
                "--rank-by",
                "measured",
                "--group-by",
                "task",
                "--budget",
                "group:cot=3,niv=50%",
                "--out",
                run.toString()));
    assertThat(outcome.errors()).isEmpty();
  }

  @AfterAll
  static void close() {
    spark.close();
  }

  private static List<Row> best(String group, int count) {
    return icon.table(run, "ranking").orderBy("position").collectAsList().stream()
        .filter(row -> group.equals(group(row.getAs("sample_id"))))
        .limit(count)
        .toList();
  }

  private static String group(String id) {
    return icon.table(run, "pool")
        .filter("sample_id = '" + id + "'")
        .selectExpr("coalesce(get_json_object(raw, '$.task'), '')")
        .collectAsList()
        .get(0)
        .getString(0);
  }

  @Test
  void theBestOfEachGroupAreSelectedInTheOrderOfTheRanking() {
    List<Long> positions = new ArrayList<>();
    best("cot", 3).forEach(row -> positions.add(row.getAs("position")));
    best("niv", 4).forEach(row -> positions.add(row.getAs("position")));
    positions.sort(null);

    List<Row> selection = icon.table(run, "selection").orderBy("position").collectAsList();
    assertThat(selection).extracting(row -> row.<Long>getAs("position")).isEqualTo(positions);
    assertThat(selection).extracting(row -> row.<String>getAs("task")).containsOnly("cot", "niv");
  }

  @Test
  void theManifestCountsByGroup() throws IOException {
    JsonNode groups = LocalIcon.manifest(run).get("selectionGroups");
    assertThat(groups.get("cot").get("selected").asInt()).isEqualTo(3);
    assertThat(groups.get("cot").get("shortfall").asInt()).isZero();
    assertThat(groups.get("niv").get("ranked").asInt()).isEqualTo(8);
    assertThat(groups.get("niv").get("selected").asInt()).isEqualTo(4);
  }

  @Test
  void aGroupOrColumnThatIsNotThereIsRefusedWithWhatIs() {
    LocalIcon.Outcome group = select("--budget", "group:maths=3");
    assertThat(group.code()).isEqualTo(2);
    assertThat(group.errors())
        .contains("Cannot select from group maths: no sample of the pool has it in the column")
        .contains("there are cot, niv");
    LocalIcon.Outcome column = select("--budget", "group:cot=3", "--group-by", "kind");
    assertThat(column.code()).isEqualTo(2);
    assertThat(column.errors())
        .contains("Cannot select by group: no sample of the pool has the column \"kind\".");
  }

  private static LocalIcon.Outcome select(String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("select", "--out", run.toString(), "--redo", "select"));
    arguments.addAll(List.of(options));
    return icon.execute(arguments);
  }
}

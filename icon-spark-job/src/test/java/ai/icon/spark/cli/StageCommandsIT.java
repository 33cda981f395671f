package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.rows.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stages one by one, run again, looked at and begun anew. */
class StageCommandsIT {
  private static final List<String> HERE =
      List.of("--measure", "log", "--candidates", "20", "--threads", "1", "--shard-tokens", "4000");

  @TempDir static Path place;
  private static JobFixture job;
  private static List<String> command;
  private static Path whole;
  private static JobFixture.Ended first;

  @BeforeAll
  static void runOnce() throws IOException {
    job = new JobFixture(place);
    whole = job.path("whole");
    command = JobFixture.with(job.run(40, 6), HERE.toArray(String[]::new));
    command = JobFixture.with(command, "--budget", "25%", "--out", whole.toString());
    first = JobFixture.icon(command).succeeded();
  }

  @Test
  void stageByStageGivesTheSame() throws IOException {
    String out = job.path("steps").toString();
    String model = JobFixture.MODEL.toString();
    step(
        "ingest",
        "--out",
        out,
        "--model",
        model,
        "--pool",
        job.path("pool.jsonl").toString(),
        "--max-reject-share",
        "0.5");
    step("assess", "--out", out, "--assessment", job.path("assessment.jsonl").toString());
    List<String> score = new ArrayList<>(List.of("score", "--out", out));
    score.addAll(HERE);
    step(score.toArray(String[]::new));
    step("train", "--out", out);
    step("rank", "--out", out);
    JobFixture.Ended last = step("select", "--out", out, "--budget", "25%");

    JobFixture.assertSameResults(Path.of(out), whole);
    assertThat(last.lastLine()).isEqualTo(Path.of(out).resolve("selection").toString());
    for (Table table : Table.values()) {
      assertThat(JobFixture.rows(Path.of(out), table))
          .as(table.text())
          .isEqualTo(JobFixture.rows(whole, table));
    }
  }

  private static JobFixture.Ended step(String... arguments) {
    return JobFixture.icon(JobFixture.with(List.of(arguments))).succeeded();
  }

  @Test
  void aStageThatComesTooEarlyIsRefused() {
    JobFixture.Ended ended =
        JobFixture.icon(
            JobFixture.with(
                List.of("score"),
                "--out",
                job.path("early").toString(),
                "--model",
                JobFixture.MODEL.toString()));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("stage assess is not complete").contains("icon assess first");
  }

  @Test
  void theSameCommandAgainTouchesNoOutput() throws IOException {
    SortedMap<String, String> before = outputs(whole);

    JobFixture.Ended again = JobFixture.icon(command).succeeded();

    assertThat(outputs(whole)).isEqualTo(before);
    assertThat(again.lastLine()).isEqualTo(first.lastLine());
    assertThat(first.lastLine()).isEqualTo(whole.resolve("selection").toString());
  }

  @Test
  void statusTellsTheStages() {
    JobFixture.Ended status =
        JobFixture.icon(List.of("status", "--out", whole.toString())).succeeded();

    assertThat(status.out()).contains("succeeded", "ingest", "score", "select", "done in");
    assertThat(status.out()).doesNotContain("to do");
  }

  @Test
  void aDryRunMakesNothing() {
    Path none = job.path("none");

    JobFixture.Ended ended = dry("--out", none.toString());

    assertThat(ended.succeeded().out()).contains("ingest    would run", "select    would run");
    assertThat(none).doesNotExist();
  }

  @Test
  void aDryRunChangesNothing() throws IOException {
    SortedMap<String, String> before = JobFixture.changes(whole);

    JobFixture.Ended same = dry("--out", whole.toString());
    JobFixture.Ended redo = dry("--redo", "rank", "--budget", "50%");

    assertThat(same.succeeded().out()).contains("score     is complete", "select    is complete");
    assertThat(redo.succeeded().out())
        .contains("train     is complete", "rank      would run", "select    would run");
    assertThat(JobFixture.changes(whole)).isEqualTo(before);
  }

  private static JobFixture.Ended dry(String... more) {
    List<String> arguments = new ArrayList<>(JobFixture.with(command, more));
    arguments.add("--dry-run");
    return JobFixture.icon(arguments);
  }

  @Test
  void anotherBudgetNeedsRedoAndLeavesTheRest() throws IOException {
    Path run = job.path("budgets");
    copy(whole, run);
    String out = run.toString();
    SortedMap<String, String> before = JobFixture.changes(run);
    SortedMap<String, String> ranking = JobFixture.changes(run.resolve("ranking"));

    JobFixture.Ended refused =
        JobFixture.icon(JobFixture.with(List.of("select", "--out", out), "--budget", "5"));

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("selection.budget", "25%", "5", "--redo select");
    assertThat(JobFixture.changes(run)).isEqualTo(before);

    step("select", "--out", out, "--budget", "5", "--redo", "select");

    List<String> ids = JobFixture.column(run, Table.SELECTION, "sample_id");
    assertThat(ids).hasSize(5);
    assertThat(JobFixture.column(whole, Table.SELECTION, "sample_id").subList(0, 5)).isEqualTo(ids);
    assertThat(JobFixture.changes(run.resolve("ranking"))).isEqualTo(ranking);
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : JobFixture.files(from)) {
      Path target = to.resolve(from.relativize(file));
      Files.createDirectories(target.getParent());
      Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  /** All but what says how the last command went. */
  private static SortedMap<String, String> outputs(Path run) throws IOException {
    SortedMap<String, String> files = JobFixture.changes(run);
    files
        .keySet()
        .removeIf(
            name ->
                name.matches("\\.?(manifest|_icon/.*(run|settings|status))\\.json.*")
                    || name.matches(".*\\.crc"));
    return files;
  }
}

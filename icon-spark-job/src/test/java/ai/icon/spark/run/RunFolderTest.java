package ai.icon.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.ShardPlan.WorkItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final StageInputs RICO = StageInputs.of(Map.of("measure", "rico", "seed", "1"));
  private static final StageInputs LOG = StageInputs.of(Map.of("measure", "log", "seed", "1"));

  @TempDir Path place;

  @Test
  void aNewFolderIsMadeAndAnOldOneOpened() throws IOException {
    Path at = place.resolve("deep/run");
    RunRecord record = RunRecord.running("0.1.0", Map.of("seed", "1"));

    create(at).run(record);

    assertThat(create(at).run()).contains(record);
    assertThat(RunFolder.open(at.toString(), new Configuration()).run()).contains(record);
    assertThat(at.resolve("_icon")).isDirectoryContaining("glob:**run.json");
    assertThat(at.resolve("_icon")).isDirectoryNotContaining("glob:**_tmp*");
    assertThat(at.resolve("_icon")).isDirectoryNotContaining("glob:**_probe*");
  }

  @Test
  void othersFoldersAreRefused() throws IOException {
    for (String name : List.of("a.txt", "b.txt", "c.txt", "d.txt")) {
      Files.writeString(place.resolve(name), name);
    }

    assertThatThrownBy(() -> create(place))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "as run folder: it is not empty and holds no run: a.txt, b.txt, c.txt and 1 more")
        .hasMessageContaining("Choose another folder with --out");
  }

  @Test
  void aFileInItsPlaceIsRefused() throws IOException {
    Path file = Files.writeString(place.resolve("file"), "x");

    assertThatThrownBy(() -> create(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("as run folder: it is a file");
    assertThatThrownBy(() -> create(file.resolve("below")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot write to run folder file:" + file.resolve("below"));
  }

  @Test
  void badPathsAreRefused() {
    for (String bad : List.of("", "a:b:c")) {
      assertThatThrownBy(() -> RunFolder.create(bad, new Configuration()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(
              "Invalid run folder: must be a path that Hadoop can open, got " + bad);
    }
  }

  @Test
  void aStoreWhoseJarIsMissingIsNamedWithIt() {
    assertThatThrownBy(() -> RunFolder.create("nosuch://host/run", new Configuration()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no file system for nosuch://");
    assertThatThrownBy(() -> RunFolder.open("s3a://bucket/run", new Configuration()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--packages org.apache.hadoop:hadoop-aws:");
  }

  @Test
  void aFileSystemThatDoesNotAnswerIsNoMistakeOfTheUser() {
    Configuration hadoop = new Configuration();
    hadoop.setInt("ipc.client.connect.max.retries", 0);
    assertThatThrownBy(() -> RunFolder.open("hdfs://127.0.0.1:1/run", hadoop))
        .isInstanceOf(ResourceError.class)
        .hasMessageContaining("Cannot reach the file system of hdfs://127.0.0.1:1/run: ");
  }

  @Test
  void openWantsARun() {
    assertThatThrownBy(() -> RunFolder.open(place.toString(), new Configuration()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no run was ever begun there");
  }

  @Test
  void aStageGoesFromNewOverResumeToComplete() throws IOException {
    RunFolder run = create(place);

    assertThat(run.decide(StageName.SCORE, RICO)).isEqualTo(StageDecision.NEW);
    run.begin(StageName.SCORE, RICO);
    assertThat(run.decide(StageName.SCORE, RICO)).isEqualTo(StageDecision.RESUME);
    assertThat(run.isBegun(StageName.SCORE)).isTrue();
    run.complete(record(StageName.SCORE, RICO));
    assertThat(run.decide(StageName.SCORE, RICO)).isEqualTo(StageDecision.COMPLETE);
    assertThat(run.isBegun(StageName.SCORE)).isFalse();
    assertThat(run.record(StageName.SCORE)).contains(record(StageName.SCORE, RICO));
    assertThat(place.resolve("_icon/stages/score.started.json")).doesNotExist();
  }

  @Test
  void aBegunStageWithoutFinishedWorkTakesMendedInputs() throws IOException {
    RunFolder run = create(place);
    run.begin(StageName.SCORE, RICO);
    run.plan(ShardSet.PAIRS, List.of(new WorkItem("a", 1)), 10);

    assertThat(run.decide(StageName.SCORE, LOG)).isEqualTo(StageDecision.NEW);
    run.begin(StageName.SCORE, LOG);

    assertThat(run.plan(ShardSet.PAIRS)).isEmpty();
    assertThat(run.decide(StageName.SCORE, LOG)).isEqualTo(StageDecision.RESUME);
  }

  @Test
  void aPlannedFolderIsCheckedAndNotMade() throws IOException {
    Path file = Files.writeString(place.resolve("file"), "x");

    RunFolder.planned(place.resolve("deep/run").toString(), new Configuration());

    assertThat(place.resolve("deep")).doesNotExist();
    assertThatThrownBy(() -> RunFolder.planned(file.resolve("a/b").toString(), new Configuration()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot write to run folder")
        .hasMessageContaining("file is a file");
  }

  @Test
  void otherInputsAreRefusedWithADiffBegunOrDone() throws IOException {
    RunFolder run = create(place);
    run.begin(StageName.SCORE, RICO);
    marker(ShardSet.CONTROL, 0, "{}");

    assertThatThrownBy(() -> run.begin(StageName.SCORE, LOG))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Cannot go on with stage score in %s: it was begun with other inputs:\n"
                    .formatted(run.root())
                + "    measure: was rico, now log\n"
                + "  Start it and the stages after it over with --redo score,"
                + " or choose another folder with --out");
    run.complete(record(StageName.SCORE, RICO));
    assertThatThrownBy(() -> run.decide(StageName.SCORE, LOG))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("it was made with other inputs:\n    measure: was rico, now log");
  }

  @Test
  void aStageWithoutShardsThatFailedStartsOverWithMendedInputs() throws IOException {
    RunFolder run = create(place);
    run.begin(StageName.INGEST, RICO);
    Files.createDirectories(place.resolve("rejects"));

    assertThat(run.decide(StageName.INGEST, RICO)).isEqualTo(StageDecision.RESUME);
    assertThat(run.decide(StageName.INGEST, LOG)).isEqualTo(StageDecision.NEW);
    run.begin(StageName.INGEST, LOG);
    assertThat(place.resolve("rejects")).doesNotExist();
    assertThat(run.decide(StageName.INGEST, LOG)).isEqualTo(StageDecision.RESUME);
  }

  @Test
  void redoForgetsTheStageAndAllLaterOnesAndNoEarlierOne() throws IOException {
    RunFolder run = create(place);
    for (StageName stage : StageName.values()) {
      run.begin(stage, RICO);
      for (String output : stage.outputs()) {
        Files.createDirectories(place.resolve(output));
        Files.writeString(place.resolve(output).resolve("file"), "x");
      }
      for (ShardSet set : ShardSet.of(stage)) {
        run.plan(set, List.of(new WorkItem("a", 1)), 10);
        marker(set, 0, "{}");
      }
      run.complete(record(stage, RICO));
    }

    run.redo(StageName.SCORE);

    for (StageName stage : StageName.values()) {
      boolean kept = stage.compareTo(StageName.SCORE) < 0;
      assertThat(run.record(stage).isPresent()).as("record of %s", stage).isEqualTo(kept);
      for (ShardSet set : ShardSet.of(stage)) {
        assertThat(run.plan(set).isPresent()).as("plan of %s", set).isEqualTo(kept);
        assertThat(Files.exists(markerFile(set, 0))).as("marker of %s", set).isEqualTo(kept);
      }
      for (String output : stage.outputs()) {
        assertThat(Files.exists(place.resolve(output))).as(output).isEqualTo(kept);
      }
    }
  }

  @Test
  void aNewStageFindsNothingOfUnknownOrigin() throws IOException {
    RunFolder run = create(place);
    Path stale = Files.createDirectories(place.resolve("pairs")).resolve("part-00009.parquet");
    Files.writeString(stale, "old");
    marker(ShardSet.PAIRS, 9, "{}");

    run.begin(StageName.SCORE, RICO);

    assertThat(stale).doesNotExist();
    assertThat(markerFile(ShardSet.PAIRS, 9)).doesNotExist();
  }

  @Test
  void aResumedStageKeepsWholeFilesAndLosesHalfOnes() throws IOException {
    RunFolder run = create(place);
    run.begin(StageName.SCORE, RICO);
    Path pairs = Files.createDirectories(place.resolve("pairs"));
    Files.writeString(pairs.resolve("part-00000.parquet"), "whole");
    Files.writeString(pairs.resolve("_tmp.part-00001.parquet.7"), "half");
    String whole =
        "{\"shard\":0,\"files\":{\"pairs/part-00000.parquet\":5},\"rows\":5,\"pairs\":5,"
            + "\"tokens\":9,\"seconds\":1.0}";
    marker(ShardSet.PAIRS, 0, whole);
    marker(ShardSet.PAIRS, 1, "");
    marker(ShardSet.PAIRS, 2, whole.replace("00000", "00002").replace(":0,", ":2,"));

    run.begin(StageName.SCORE, RICO);

    assertThat(run.commits(ShardSet.PAIRS).committed()).containsExactly(0);
    assertThat(pairs).isDirectoryNotContaining("glob:**_tmp*");
    assertThat(pairs.resolve("part-00000.parquet")).hasContent("whole");
    assertThat(markerFile(ShardSet.PAIRS, 1)).doesNotExist();
    assertThat(markerFile(ShardSet.PAIRS, 2)).as("its file is gone").doesNotExist();
  }

  @Test
  void aWholeStageHasNoFileThatNoMarkerNames() throws IOException {
    RunFolder run = create(place);
    run.begin(StageName.SCORE, RICO);
    Path pairs = Files.createDirectories(place.resolve("pairs"));
    for (String name : List.of("part-00000.parquet", "part-00007.parquet", "_tmp.part-00001.7")) {
      Files.writeString(pairs.resolve(name), "x");
    }
    Path control = Files.createDirectories(place.resolve("control"));
    Files.writeString(control.resolve("part-00000.parquet"), "of no shard's table");
    marker(
        ShardSet.PAIRS,
        0,
        "{\"shard\":0,\"files\":{\"pairs/part-00000.parquet\":5},\"rows\":5,\"pairs\":5,"
            + "\"tokens\":9,\"seconds\":1.0}");

    run.complete(record(StageName.SCORE, RICO));

    assertThat(pairs.toFile().list()).containsExactly("part-00000.parquet");
    assertThat(control.toFile().list()).containsExactly("part-00000.parquet");
  }

  @Test
  void aHalfWrittenPlanIsCutAgain() throws IOException {
    RunFolder run = create(place);
    List<WorkItem> work = List.of(new WorkItem("a", 5), new WorkItem("b", 5));
    ShardPlan plan = run.plan(ShardSet.PAIRS, work, 5);
    Files.writeString(place.resolve("_icon/plan/pairs.json"), "{\"itemsHa");

    assertThat(run.plan(ShardSet.PAIRS, work, 5)).isEqualTo(plan);
    assertThat(create(place).plan(ShardSet.PAIRS)).contains(plan);
  }

  @Test
  void aPlanIsReadBackAndHeldToItsItems() throws IOException {
    RunFolder run = create(place);
    List<WorkItem> work = List.of(new WorkItem("a", 5), new WorkItem("b", 5));

    ShardPlan plan = run.plan(ShardSet.PAIRS, work, 5);

    assertThat(create(place).plan(ShardSet.PAIRS, work, 5)).isEqualTo(plan);
    assertThatThrownBy(() -> run.plan(ShardSet.PAIRS, work.subList(0, 1), 5))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("its plan holds 2 items in shards of 5 tokens, now 1 items")
        .hasMessageContaining("--redo score");
  }

  @Test
  void everyTableBelongsToOneStage() {
    List<Table> owned =
        java.util.Arrays.stream(StageName.values())
            .flatMap(stage -> stage.tables().stream())
            .toList();

    assertThat(owned).doesNotHaveDuplicates().containsExactlyInAnyOrder(Table.values());
    assertThat(StageName.of("Train")).isEqualTo(StageName.TRAIN);
    assertThatThrownBy(() -> StageName.of("cook"))
        .hasMessage(
            "Invalid stage: must be one of ingest, assess, score, train, rank, select, got cook");
  }

  @Test
  void theManifestKeepsItsKeysInOrder() throws IOException {
    RunFolder run = create(place);
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("z", 1);
    manifest.put("counts", Map.of("read", 3));
    manifest.put("a", "ü");

    run.manifest().write(manifest);

    assertThat(run.manifest().read().orElseThrow().toString())
        .isEqualTo("{z=1, counts={read=3}, a=ü}");
    assertThat(place.resolve("manifest.json")).content().contains("\"a\" : \"ü\"");
  }

  @Test
  void damagedRecordsAreReportedWithTheirFile() throws IOException {
    RunFolder run = create(place);
    Files.createDirectories(place.resolve("_icon/stages"));
    Files.writeString(place.resolve("_icon/stages/score.json"), "{");

    assertThatThrownBy(() -> run.decide(StageName.SCORE, RICO))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("_icon/stages/score.json: it is damaged");
  }

  @Test
  void theDescriptionSaysHowFarEveryStageIs() throws IOException {
    RunFolder run = create(place);
    RunStatus begun = RunStatus.begun(Instant.parse("2026-01-02T03:04:05Z"));
    run.complete(record(StageName.INGEST, RICO));
    run.begin(StageName.SCORE, RICO);
    run.plan(ShardSet.PAIRS, List.of(new WorkItem("a", 5), new WorkItem("b", 5)), 5);
    marker(
        ShardSet.PAIRS,
        1,
        "{\"shard\":1,\"files\":{},\"rows\":0,\"pairs\":0,\"tokens\":0,\"seconds\":0}");
    run.status(begun.in(StageName.SCORE, Instant.parse("2026-01-02T03:05:05Z")));

    assertThat(described(run).lines())
        .containsExactly(
            "run     " + run.root(),
            "state   killed in stage score, last heard of 2026-01-02T03:05:05Z",
            "  ingest  done in 2.5 s  pool 1,200, read 1,234",
            "  assess  to do",
            "  score   begun, pairs: 1 of 2 shards done",
            "  train   to do",
            "  rank    to do",
            "  select  to do");
    run.status(begun.failed(4, "disk full", Instant.parse("2026-01-02T03:05:05Z")));
    assertThat(described(run)).contains("state   failed with exit code 4: disk full");
  }

  private static String described(RunFolder run) throws IOException {
    return RunDescription.of(run, new RunWatch(run.root().toString(), run.hadoop(), "").look());
  }

  private static RunFolder create(Path at) {
    return RunFolder.create(at.toString(), new Configuration());
  }

  private static StageRecord record(StageName stage, StageInputs inputs) {
    return StageRecord.of(
        stage, inputs, 2.5, 10, Map.of("read", 1234L, "pool", 1200L), Map.of("share", 0.5));
  }

  private void marker(ShardSet stage, int shard, String content) throws IOException {
    Files.createDirectories(place.resolve("_icon/commits"));
    Files.writeString(markerFile(stage, shard), content);
  }

  private Path markerFile(ShardSet stage, int shard) {
    return place.resolve("_icon/commits/" + stage.text() + "-0000" + shard + ".json");
  }
}

package ai.icon.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import ai.icon.spark.LocalIcon;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.RunLease;
import ai.icon.spark.run.RunStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The facade and the scorer over data frames, against the command line over files. */
class IconScorerIT {
  @TempDir private static Path folder;

  private static SparkSession spark;
  private static DemoFrames demo;
  private static Path assessment;
  private static Path commandLine;
  private static Dataset<Row> samples;
  private static IconRun run;

  @BeforeAll
  static void scoreBothWays() throws IOException {
    demo = new DemoFrames(folder);
    spark = demo.spark();
    Path pool = demo.pool("pool.jsonl", 0, 40);
    assessment = demo.assessment(4);
    commandLine =
        demo.commandLine("cli", pool, assessment, "--candidates", "24", "--budget", "25%");
    samples = demo.frame(pool);
    run = icon().score(samples);
  }

  private static Icon icon() {
    return DemoFrames.icon()
        .assessment(demo.frame(assessment))
        .set("icon.score.candidates", "24")
        .set("icon.selection.groupBy", "planted")
        .out(folder.resolve("facade").toString());
  }

  private static IconScorer scorer(String out) {
    return new IconScorer()
        .setModelPath(LocalIcon.TRAINED_MODEL)
        .setAssessment(demo.frame(assessment))
        .setCandidates("24")
        .setSetting("model.threads", "1")
        .setSetting("score.measure", "log")
        .setSetting("pool.maxRejectShare", "0.5")
        .setRunFolder(folder.resolve(out).toString());
  }

  @Test
  void aFramesPairsAndContributionsAreThoseOfTheFileBitByBit() {
    IconRun files = Icon.open(spark, commandLine.toString());
    assertThat(DemoFrames.rows(run.pairs()))
        .hasSize(24 * 12)
        .isEqualTo(DemoFrames.rows(files.pairs()));
    assertThat(DemoFrames.rows(run.contributions()))
        .isEqualTo(DemoFrames.rows(files.contributions()));
  }

  @Test
  void aSelectionHasTheFramesOwnColumnsAndIsThatOfTheFile() {
    Dataset<Row> selected = icon().select(samples.repartition(5), "25%");
    assertThat(selected.columns())
        .containsExactly(
            "position",
            "sample_id",
            "score",
            "origin",
            "input",
            "instruction",
            "output",
            "planted");
    IconRun files = Icon.open(spark, commandLine.toString());
    assertThat(selected.toJSON().collectAsList())
        .isEqualTo(
            files
                .selection()
                .orderBy("position")
                .select(
                    Arrays.stream(selected.columns())
                        .map(functions::col)
                        .toArray(org.apache.spark.sql.Column[]::new))
                .toJSON()
                .collectAsList());
    long before = modified("facade/contributions");
    assertThat(icon().select(samples, "10%").count()).isLessThan(selected.count());
    assertThat(modified("facade/contributions")).isEqualTo(before);
  }

  private static long modified(String name) {
    return folder.resolve(name).toFile().lastModified();
  }

  @Test
  void contributionsOfTheStoredPairsAreTheStoredOnesUnderTheSameWeights() {
    assertThat(DemoFrames.rows(run.contributions(Map.of())))
        .isEqualTo(DemoFrames.rows(run.contributions()));
  }

  @Test
  void otherWeightsAndBudgetsOfStoredPairsAreThoseOfARunWithThem() throws IOException {
    String weights = "listing=3,sorting=0";
    Path other =
        demo.commandLine(
            "weighed",
            folder.resolve("pool.jsonl"),
            assessment,
            "--candidates",
            "all",
            "--group-weights",
            weights,
            "--budget",
            "6");
    Path plain =
        demo.commandLine("plain", folder.resolve("pool.jsonl"), assessment, "--candidates", "all");
    IconRun wanted = Icon.open(spark, other.toString());
    IconRun stored = Icon.open(spark, plain.toString());
    Map<String, Double> asked = Map.of("listing", 3.0, "sorting", 0.0);
    assertThat(DemoFrames.rows(stored.contributions(asked)))
        .isEqualTo(DemoFrames.rows(wanted.contributions()))
        .isNotEqualTo(DemoFrames.rows(stored.contributions()));
    assertThat(DemoFrames.rows(stored.ranking(asked))).isEqualTo(DemoFrames.rows(wanted.ranking()));
    assertThat(stored.selection("6", asked).toJSON().collectAsList())
        .hasSize(6)
        .isEqualTo(wanted.selection().orderBy("position").toJSON().collectAsList());
    assertThat(stored.selection("4").toJSON().collectAsList())
        .isEqualTo(stored.selection().orderBy("position").limit(4).toJSON().collectAsList());
  }

  @Test
  void aBudgetBeyondWhatWasScoredIsRefused() {
    assertThatThrownBy(() -> run.selection("30", Map.of("listing", 2.0)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot select 30 samples: only 24 were scored.");
    assertThatThrownBy(() -> run.contributions(Map.of("lists", 2.0)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no group \"lists\" in the assessment set");
  }

  @Test
  void aGroupsShareIsOneOfThePoolAndNotOfWhatWasScoredOfIt() {
    Map<String, Double> weights = Map.of("listing", 2.0);
    Dataset<Row> group =
        run.pool()
            .filter("get_json_object(raw, '$.planted') = 'wrong-style'")
            .select("sample_id", "tokens");
    Dataset<Row> scored = run.ranking(weights).join(group.select("sample_id"), "sample_id");
    long pool = group.count();
    int wanted = (int) (pool * 2 / 5);
    assertThat(scored.count() * 2 / 5)
        .as("the case is one that tells them apart")
        .isLessThan(wanted);
    assertThat(DemoFrames.rows(run.selection("group:wrong-style=40%", weights).select("position")))
        .hasSize(wanted)
        .isEqualTo(DemoFrames.rows(scored.select("position").orderBy("position").limit(wanted)));
    assertThatThrownBy(() -> run.selection("group:wrong-style=100%", weights))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Cannot select %d samples of group wrong-style: only %d were scored."
                .formatted(pool, scored.count()));
    long tokens = group.selectExpr("sum(tokens)").head().getLong(0);
    assertThatThrownBy(() -> run.selection("group:wrong-style=" + tokens + "tokens", weights))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot select " + tokens + " tokens of group wrong-style: only ");
  }

  @Test
  void aTransformedFrameKeepsItsRowsAndHasContributionsBesideThem() {
    Dataset<Row> scored = scorer("scorer").transform(samples);
    assertThat(scored.columns())
        .startsWith(samples.columns())
        .contains("contribution", "stability");
    assertThat(scored.schema()).isEqualTo(scorer("scorer").transformSchema(samples.schema()));
    assertThat(DemoFrames.rows(scored.select("instruction", "input", "output", "planted")))
        .isEqualTo(DemoFrames.rows(samples.select("instruction", "input", "output", "planted")));
    List<String> measured =
        DemoFrames.rows(run.contributions().select("contribution", "standard_error"));
    assertThat(
            DemoFrames.rows(
                scored
                    .filter("contribution is not null")
                    .select("instruction", "input", "output", "contribution", "standard_error")
                    .distinct()
                    .select("contribution", "standard_error")))
        .isEqualTo(measured);
    assertThatThrownBy(() -> scorer("scorer").transform(scored))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot append column \"contribution\"");
  }

  @Test
  void aScorerIsSavedAndLoadedInAPipeline() throws IOException {
    IconScorer scorer = scorer("scorer");
    String saved = folder.resolve("saved").toString();
    PipelineStage[] stages = {
      scorer, new SQLTransformer().setStatement("SELECT * FROM __THIS__ WHERE contribution > 0")
    };
    PipelineModel model = new Pipeline().setStages(stages).fit(samples);
    model.write().overwrite().save(saved);
    PipelineModel loaded = PipelineModel.load(saved);
    IconScorer again = (IconScorer) loaded.stages()[0];
    assertThat(again.uid()).isEqualTo(scorer.uid());
    assertThat(again.explainParam(again.candidates())).contains("current: 24");
    assertThat(DemoFrames.rows(loaded.transform(samples)))
        .isNotEmpty()
        .isEqualTo(DemoFrames.rows(model.transform(samples)));
    assertThat(Files.isDirectory(folder.resolve("scorer/pairs"))).isTrue();
  }

  @Test
  void aCopyHasTheSameValuesAndIsNotMovedByTheOther() {
    IconScorer scorer = scorer("scorer");
    IconScorer copy = scorer.copy(new org.apache.spark.ml.param.ParamMap());
    scorer.setCandidates("5").setSetting("score.measure", "rico");
    assertThat(copy.getOrDefault(copy.candidates())).isEqualTo("24");
    assertThat(copy.getOrDefault(copy.settings())).contains("score.measure=log");
    assertThat(scorer.getOrDefault(scorer.settings()))
        .contains("score.measure=rico")
        .doesNotContain("score.measure=log");
  }

  @Test
  void aCallThatIsRefusedWhileAnotherDriverIsAtTheRunLeavesItsStatusAlone() throws IOException {
    RunFolder taken = RunFolder.open(run.folder(), spark.sparkContext().hadoopConfiguration());
    RunStatus before = taken.status().orElseThrow();
    RunStatus running = RunStatus.begun(Instant.now());
    PrintStream quiet =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    try (RunLease lease = RunLease.take(taken, "", quiet, () -> {})) {
      lease.folder().status(running);
      assertThatThrownBy(() -> icon().score(samples))
          .isInstanceOf(ResourceError.class)
          .hasMessageContaining("is at it");
      assertThat(taken.status()).contains(running);
      lease.folder().status(before);
    }
  }

  @Test
  void anotherFrameInTheSameFolderIsRefusedWithTheDifference() {
    assertThatThrownBy(() -> icon().score(samples.limit(20)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("pool source 1: was table:icon_pool_")
        .hasMessageContaining("--redo");
    assertThatThrownBy(() -> icon().set("score.candidtes", "3"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Did you mean icon.score.candidates?");
    assertThatThrownBy(() -> icon().model("nowhere").out(folder + "/none").score(samples))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void withoutAFolderEqualCallsOfAnApplicationShareOne() {
    Icon icon =
        DemoFrames.icon()
            .assessment(demo.frame(assessment).withColumnRenamed("instruction", "question"))
            .set("score.candidates", "3")
            .set("pool.columns", "instruction=question");
    Dataset<Row> renamed = samples.withColumnRenamed("instruction", "question");
    IconRun first = icon.score(renamed);
    assertThat(first.folder()).contains(spark.sparkContext().applicationId());
    assertThat(icon.score(renamed.repartition(3)).folder()).isEqualTo(first.folder());
    assertThat(icon.score(renamed.limit(30)).folder()).isNotEqualTo(first.folder());
    assertThat(spark.catalog().listTables().filter("name like 'icon_pool%'").count()).isZero();
  }
}

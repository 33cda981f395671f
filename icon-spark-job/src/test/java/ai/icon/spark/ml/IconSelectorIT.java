package ai.icon.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import ai.icon.spark.LocalIcon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The selector fitted on a data frame, against the command line over a file. */
class IconSelectorIT {
  private static final String BUDGET = "25%";

  @TempDir private static Path folder;

  private static SparkSession spark;
  private static DemoFrames demo;
  private static Path pool;
  private static Path assessment;
  private static Dataset<Row> samples;
  private static IconSelectorModel model;

  @BeforeAll
  static void fit() throws IOException {
    demo = new DemoFrames(folder);
    spark = demo.spark();
    pool = demo.pool("pool.jsonl", 0, 60);
    assessment = demo.assessment(4);
    samples = demo.frame(pool);
    model = selector("fit").setCandidates("30").fit(samples);
  }

  private static IconSelector selector(String out) {
    return new IconSelector()
        .setModelPath(LocalIcon.TRAINED_MODEL)
        .setAssessmentPath(assessment.toString())
        .setSetting("model.threads", "1")
        .setSetting("score.measure", "log")
        .setSetting("selector.kind", "ngram")
        .setSetting("pool.maxRejectShare", "0.5")
        .setBudget(BUDGET)
        .setRunFolder(folder.resolve(out).toString());
  }

  @Test
  void theFittedSamplesAreRankedAndCutAsByTheCommandLine() {
    IconRun files =
        Icon.open(
            spark,
            demo.commandLine("cli", pool, assessment, "--candidates", "30", "--budget", BUDGET)
                .toString());
    Dataset<Row> ranked = model.transform(samples);
    assertThat(ranked.count()).isEqualTo(samples.count());
    assertThat(ranked.schema()).isEqualTo(model.transformSchema(samples.schema()));
    assertThat(
            DemoFrames.rows(
                ranked
                    .filter("position is not null")
                    .select("position", "score", "measured", "predicted", "origin")
                    .distinct()))
        .isEqualTo(
            DemoFrames.rows(
                files.ranking().select("position", "score", "measured", "predicted", "origin")));
    assertThat(DemoFrames.rows(ranked.filter("selected").select("position").distinct()))
        .isEqualTo(DemoFrames.rows(files.selection().select("position")));
    assertThat(DemoFrames.rows(Icon.open(spark, folder.resolve("fit").toString()).selection()))
        .isEqualTo(DemoFrames.rows(files.selection()));
    assertThat(ranked.filter("output = '' and (selected or score is not null)").count()).isZero();
  }

  @Test
  void otherSamplesAreRankedByWhatWasMeasuredAndLearnt() throws IOException {
    Dataset<Row> others = demo.frame(demo.pool("others.jsonl", 40, 90));
    Dataset<Row> ranked =
        model
            .copy(new org.apache.spark.ml.param.ParamMap())
            .setRunFolder(folder.resolve("others").toString())
            .transform(others)
            .cache();
    assertThat(folder.resolve("others/_icon/lease"))
        .as("one lease for all of it: between two the folder would be anybody's")
        .isDirectoryContaining("glob:**/00000001.json")
        .isDirectoryNotContaining("glob:**/00000002.*");
    assertThat(ranked.filter("origin = 'predicted'").count()).isPositive();
    List<String> known =
        DemoFrames.rows(
            ranked.filter("origin = 'scored'").select("instruction", "input", "output", "score"));
    assertThat(known).isNotEmpty();
    // The same samples have the same scores as where the selector was fitted.
    assertThat(
            DemoFrames.rows(
                model
                    .transform(samples)
                    .filter("origin = 'scored'")
                    .select("instruction", "input", "output", "score")))
        .containsAll(known);
    long distinct = ranked.filter("position is not null").select("position").distinct().count();
    assertThat(ranked.filter("selected").select("position").distinct().count())
        .isEqualTo(distinct / 4);
    assertThat(ranked.filter("selected").selectExpr("max(position)").first().getLong(0))
        .isEqualTo(distinct / 4);
  }

  @Test
  void aSavedModelNeedsNoRunFolderOfTheFit() throws IOException {
    IconSelectorModel moved = selector("moved").setCandidates("30").fit(samples);
    String saved = folder.resolve("saved").toString();
    moved.write().overwrite().save(saved);
    FileUtil.fullyDelete(folder.resolve("moved").toFile());
    IconSelectorModel loaded = IconSelectorModel.load(saved);
    assertThat(loaded.uid()).isEqualTo(moved.uid());
    loaded.setBudget("4").setRunFolder(folder.resolve("loaded").toString());
    assertThat(DemoFrames.rows(loaded.transform(samples).drop("selected")))
        .isEqualTo(DemoFrames.rows(model.transform(samples).drop("selected")));
    assertThat(loaded.transform(samples).filter("selected").selectExpr("max(position)").first())
        .hasToString("[4]");
  }

  @Test
  void nothingLearntIsSaidWhereOtherSamplesAreToBeRanked() throws IOException {
    Dataset<Row> few = demo.frame(demo.pool("few.jsonl", 0, 12));
    IconSelectorModel all = selector("all").setCandidates("all").fit(few);
    assertThat(all.transform(few).filter("origin = 'predicted'").count()).isZero();
    assertThatThrownBy(() -> all.transform(samples))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the selector was not trained");
  }

  @Test
  void aSelectorIsSavedAndLoadedWithItsParameters() throws IOException {
    IconSelector selector = selector("fit").setAssessment(demo.frame(assessment));
    String saved = folder.resolve("estimator").toString();
    selector.write().overwrite().save(saved);
    IconSelector loaded = IconSelector.load(saved);
    assertThat(loaded.extractParamMap().toSeq().size())
        .isEqualTo(selector.extractParamMap().toSeq().size());
    assertThat(loaded.getOrDefault(loaded.assessmentRows()))
        .isEqualTo(selector.getOrDefault(selector.assessmentRows()));
    assertThat(loaded.getOrDefault(loaded.budget())).isEqualTo(BUDGET);
  }

  @Test
  void aLoadedModelIsNotSavedOverItsOwnData() throws IOException {
    Path saved = folder.resolve("kept");
    model.write().overwrite().save(saved.toString());
    IconSelectorModel loaded = IconSelectorModel.load(saved.toString());
    assertThatThrownBy(() -> loaded.write().overwrite().save(saved + "/"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot save the model to file:" + saved + ": what it ranks by lies");
    assertThat(saved.resolve("fitted/contributions")).isNotEmptyDirectory();
    String other = folder.resolve("kept-too").toString();
    loaded.write().overwrite().save(other);
    assertThat(IconSelectorModel.load(other).uid()).isEqualTo(model.uid());
  }

  @Test
  void aPipelineThatIsSavedOverItselfIsToldWhatItLost() throws IOException {
    String saved = folder.resolve("pipeline").toString();
    model.write().overwrite().save(saved + "/stage");
    PipelineModel pipeline =
        new Pipeline()
            .setStages(new PipelineStage[] {IconSelectorModel.load(saved + "/stage")})
            .fit(samples);
    assertThatThrownBy(() -> pipeline.write().overwrite().save(saved))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("what it ranks by is gone, it lay in file:" + saved)
        .hasMessageContaining("Save a pipeline to another folder than the one that it was loaded");
  }
}

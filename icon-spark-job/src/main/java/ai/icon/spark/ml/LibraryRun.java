package ai.icon.spark.ml;

import ai.icon.spark.config.RunConfig;
import ai.icon.spark.run.RunFailure;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import ai.icon.spark.stage.Job;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Runs the job for a caller who wants an exception where the command line would exit. */
final class LibraryRun {
  private final SparkSession spark;
  private final RunConfig config;

  LibraryRun(SparkSession spark, RunConfig config) {
    this.spark = spark;
    this.config = config;
  }

  /**
   * Runs stages.
   *
   * @param redo stages to run again, besides a selection that was cut at another budget
   */
  IconRun run(List<StageName> stages, List<StageName> redo) {
    config.requireFor(stages);
    return carry((job, folder) -> job.run(stages, again(folder, stages, redo)));
  }

  /** Ranks and cuts by what another run measured and learnt. */
  IconRun apply(IconRun fitted) {
    List<StageName> stages = List.of(StageName.RANK, StageName.SELECT);
    return carry(
        (job, folder) -> {
          RunFolder other =
              RunFolder.open(fitted.folder(), spark.sparkContext().hadoopConfiguration());
          job.apply(other, again(folder, stages, List.of()));
        });
  }

  /** What is done in a run folder. */
  @FunctionalInterface
  private interface Work {
    void in(Job job, RunFolder folder) throws IOException;
  }

  private IconRun carry(Work work) {
    PrintStream quiet =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Job job = new Job(spark, config, quiet);
    try {
      RunFolder folder = job.folder();
      work.in(job, folder);
      return IconRun.open(spark, folder.root().toString());
    } catch (IOException e) {
      throw RunFailure.mendable(e).orElseGet(() -> new UncheckedIOException(e));
    } catch (Exception e) { // Spark's own are checked, but not declared.
      Optional<RuntimeException> mendable = RunFailure.mendable(e);
      if (mendable.isPresent()) {
        throw mendable.get();
      }
      throw e;
    }
  }

  /** Cutting is quick and its input is kept: another budget is no reason to refuse. */
  private List<StageName> again(RunFolder folder, List<StageName> stages, List<StageName> redo)
      throws IOException {
    List<StageName> all = new ArrayList<>(redo);
    Optional<StageRecord> cut = folder.record(StageName.SELECT);
    String budget = config.selection().budget().text();
    if (stages.contains(StageName.SELECT)
        && cut.isPresent()
        && !budget.equals(cut.get().inputs().get("selection.budget"))) {
      all.add(StageName.SELECT);
    }
    return all;
  }
}

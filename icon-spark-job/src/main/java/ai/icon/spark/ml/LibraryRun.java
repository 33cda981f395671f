package ai.icon.spark.ml;

import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.RunRecord;
import ai.icon.spark.run.RunStatus;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import ai.icon.spark.stage.Job;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Runs the job for a caller who wants an exception where the command line would exit. */
final class LibraryRun {
  private static final int DEEPEST_CAUSE = 50;
  private static final int USER_ERROR = 2;
  private static final int BUG = 3;
  private static final int RESOURCE = 4;

  private final SparkSession spark;
  private final RunConfig config;

  LibraryRun(SparkSession spark, RunConfig config) {
    this.spark = spark;
    this.config = config;
  }

  /**
   * Runs stages, and says in the folder how they ended.
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
          job.adopt(other);
          job.run(stages, again(folder, stages, List.of()));
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
      try {
        work.in(job, folder);
        end(folder, RunStatus.State.SUCCEEDED, "", 0);
      } catch (IOException | RuntimeException | Error e) {
        RuntimeException told = told(e);
        end(folder, RunStatus.State.FAILED, String.valueOf(told.getMessage()), code(told));
        throw told;
      }
      return IconRun.open(spark, folder.root().toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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

  private static void end(RunFolder folder, RunStatus.State state, String error, int code)
      throws IOException {
    Optional<RunStatus> status = folder.status();
    // A call that was refused before it began says nothing of the run that lies there.
    if (status.isEmpty() || status.get().state() != RunStatus.State.RUNNING) {
      return;
    }
    boolean isDone = state == RunStatus.State.SUCCEEDED;
    folder.status(
        isDone
            ? status.get().succeeded(Instant.now())
            : status.get().failed(code, error, Instant.now()));
    Optional<RunRecord> run = folder.run();
    if (run.isPresent()) {
      folder.run(run.get().ended(state, error));
    }
  }

  private static int code(RuntimeException told) {
    return told instanceof UserError ? USER_ERROR : told instanceof ResourceError ? RESOURCE : BUG;
  }

  /**
   * What a caller can do something about, out of what Spark wrapped it in; anything else as it is.
   */
  static RuntimeException told(Throwable thrown) {
    int depth = 0;
    for (Throwable t = thrown; t != null && depth < DEEPEST_CAUSE; t = t.getCause()) {
      if (t instanceof UserError || t instanceof ResourceError) {
        return (RuntimeException) t;
      }
      depth++;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException runtime
        ? runtime
        : new UncheckedIOException((IOException) thrown);
  }
}

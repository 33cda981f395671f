package ai.icon.spark.stage;

import ai.icon.spark.config.RunConfig;
import ai.icon.spark.run.RunFailure;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.RunLease;
import ai.icon.spark.run.RunRecord;
import ai.icon.spark.run.RunStatus;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * One driver's attempt at a run: takes the run's lease, says how the run stands, and ends both. Its
 * Spark jobs are one group, which is cancelled when the lease is lost.
 */
public final class RunAttempt implements AutoCloseable {
  /** The setting of Spark that gives an attempt an id, for {@code icon status --attempt}. */
  public static final String ID = "spark.icon.attempt";

  private final JobGroup jobs;
  private final String id;
  private final RunLease lease;
  private boolean begun;

  private RunAttempt(JobGroup jobs, String id, RunLease lease) {
    this.jobs = jobs;
    this.id = id;
    this.lease = lease;
  }

  /**
   * Takes the lease.
   *
   * @throws ai.icon.error.ResourceError if another driver is at the run
   */
  static RunAttempt begin(SparkSession spark, RunFolder folder, PrintStream messages)
      throws IOException {
    JavaSparkContext java = JavaSparkContext.fromSparkContext(spark.sparkContext());
    String application = spark.sparkContext().applicationId();
    String id = spark.conf().get(ID, "");
    String group = "icon " + folder.root();
    JobGroup jobs = JobGroup.open(java, group, "icon");
    try {
      RunLease lease =
          RunLease.take(folder, application, messages, () -> java.cancelJobGroup(group));
      return new RunAttempt(jobs, id, lease);
    } catch (IOException | RuntimeException e) {
      jobs.close();
      note(folder, id, RunStatus.begun(Instant.now(), id), e);
      throw e;
    }
  }

  /** The run folder, to be written through as long as the lease lasts. */
  RunFolder folder() {
    return lease.folder();
  }

  /** From here on the run's state is that of this attempt, whatever parts it has. */
  void begun(RunConfig config) throws IOException {
    if (begun) {
      return;
    }
    folder().sweep();
    folder().run(RunRecord.running(BuildVersion.version(), config.settings()));
    folder().settings(config.render());
    folder().status(RunStatus.begun(Instant.now(), id));
    begun = true;
  }

  void succeeded() throws IOException {
    RunStatus status = status().succeeded(Instant.now());
    end(RunStatus.State.SUCCEEDED, "");
    folder().status(status);
    if (!id.isEmpty()) {
      folder().attempt(id, status);
    }
  }

  /**
   * Says that the attempt failed, where there is still somebody to say it for.
   *
   * @throws RuntimeException that the lease is lost, which then is the reason
   */
  void failed(Throwable thrown) {
    Optional<RuntimeException> lost = lease.lost();
    if (lost.isPresent()) {
      RuntimeException reason = lost.get();
      reason.addSuppressed(thrown);
      throw reason;
    }
    try {
      RunFailure failure = RunFailure.of(thrown);
      RunStatus status = status().failed(failure.exitCode(), failure.message(), Instant.now());
      // An attempt that was refused before it began says nothing of the run that lies there.
      if (begun) {
        folder().status(status);
        end(RunStatus.State.FAILED, failure.message());
      }
      if (!id.isEmpty()) {
        folder().attempt(id, status);
      }
    } catch (IOException | RuntimeException e) {
      thrown.addSuppressed(e); // a full disk takes no status either; the first error is told
    }
  }

  /** Lets the run go. */
  @Override
  public void close() throws IOException {
    jobs.close();
    lease.close();
  }

  private RunStatus status() throws IOException {
    return begun
        ? folder().status().orElseGet(() -> RunStatus.begun(Instant.now(), id))
        : RunStatus.begun(Instant.now(), id);
  }

  private void end(RunStatus.State state, String error) throws IOException {
    Optional<RunRecord> run = folder().run();
    if (run.isPresent()) {
      folder().run(run.get().ended(state, error));
    }
  }

  private static void note(RunFolder folder, String id, RunStatus status, Exception e)
      throws IOException {
    if (!id.isEmpty()) {
      RunFailure failure = RunFailure.of(e);
      folder.attempt(id, status.failed(failure.exitCode(), failure.message(), Instant.now()));
    }
  }
}

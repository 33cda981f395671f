package ai.icon.spark.doctor;

import ai.icon.error.UserError;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/**
 * Asks the executors, one task each as far as Spark spreads them, and does not wait for ever for
 * executors that never come.
 */
final class ExecutorProbe {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration SETTLED = Duration.ofMillis(700);
  private static final Duration SETTLING = Duration.ofSeconds(3);
  private static final String WAIT = "--executor-wait (icon.run.executorWait)";

  private final JavaSparkContext spark;
  private final ClusterFacts facts;
  private final Duration patience;

  /**
   * @param patience how long nothing may come; zero for no limit
   */
  ExecutorProbe(JavaSparkContext spark, ClusterFacts facts, Duration patience) {
    this.spark = spark;
    this.facts = facts;
    this.patience = patience;
  }

  /**
   * Runs the task where executors are.
   *
   * @return what each wrote
   * @throws UserError if no executor came, or none could run a task of ours
   */
  List<String> ask(ProbeTask task) {
    if (facts.master().isLocal()) {
      return run(task, 1);
    }
    // With dynamic allocation executors come for waiting tasks only.
    run(new Knock(), 1);
    int executors = settled();
    return run(task, executors * gpusEach());
  }

  /** Executors come one after the other: waits a moment for those that are on their way. */
  private int settled() {
    int wanted = facts.spark().whole("spark.executor.instances", Integer.MAX_VALUE);
    long begun = System.nanoTime();
    long changed = begun;
    int count = executors();
    while (count < wanted
        && since(changed).compareTo(SETTLED) < 0
        && since(begun).compareTo(SETTLING) < 0) {
      pause();
      int now = executors();
      changed = now == count ? changed : System.nanoTime();
      count = now;
    }
    return Math.max(1, count);
  }

  /** Every address of an executor should be seen by some task. */
  private int gpusEach() {
    return Math.max(1, (int) facts.spark().number("spark.executor.resource.gpu.amount", 1));
  }

  /** Registered executors; the driver is listed among them. */
  private int executors() {
    return spark.sc().statusTracker().getExecutorInfos().length - 1;
  }

  private <T> List<T> run(Function<Integer, T> task, int tasks) {
    JavaFutureAction<List<T>> answers =
        spark
            .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
            .map(task)
            .collectAsync();
    long begun = System.nanoTime();
    while (true) {
      try {
        return answers.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        refuseLongWait(answers, since(begun));
      } catch (ExecutionException e) {
        throw new UserError(
            "Cannot run a task on the executors: " + reason(e),
            "Look into the log of an executor or worker; the cluster's page links to it.",
            e);
      } catch (InterruptedException e) {
        answers.cancel(true);
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while asking the executors", e);
      }
    }
  }

  private void refuseLongWait(JavaFutureAction<?> answers, Duration waited) {
    if (patience.isZero() || facts.master().isLocal() || waited.compareTo(patience) < 0) {
      return;
    }
    if (executors() > 0 && isRunning()) {
      return;
    }
    answers.cancel(true);
    String seconds = patience.toSeconds() + " s";
    if (executors() == 0) {
      throw new UserError(
          "Cannot run: no executor registered within " + seconds + " at " + facts.master().text(),
          "Look at the cluster's page: it needs a worker with the memory, cores and GPUs that one"
              + " executor asks for, and not taken by other applications. "
              + WAIT
              + " waits longer.");
    }
    throw new UserError(
        "Cannot run: " + executors() + " executors are there, but took no task within " + seconds,
        "Compare spark.task.cpus and spark.task.resource.gpu.amount with what an executor has. "
            + WAIT
            + " waits longer.");
  }

  private boolean isRunning() {
    int[] stages = spark.statusTracker().getActiveStageIds();
    for (int stage : stages) {
      SparkStageInfo info = spark.statusTracker().getStageInfo(stage);
      if (info != null && info.numActiveTasks() > 0) {
        return true;
      }
    }
    return false;
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for executors", e);
    }
  }

  /** A task that does nothing: it shows that an executor is there. */
  private static final class Knock implements Function<Integer, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Integer call(Integer task) {
      return task;
    }
  }
}

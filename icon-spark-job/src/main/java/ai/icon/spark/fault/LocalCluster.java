package ai.icon.spark.fault;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts one job again and again, each time with executors in processes of their own, all on this
 * machine. Settings are such that lost executors are replaced without end.
 */
final class LocalCluster {
  /** Executors of a driver. */
  static final int EXECUTORS = 2;

  /** Cores of an executor: so many shards are in flight on it. */
  static final int CORES = 1;

  private static final int MEGABYTES = 600;

  private final String mainClass;
  private final List<String> job;
  private final Path work;
  private final Path log;
  private int attempts;

  /**
   * @param mainClass of the command line
   * @param job the command line, without run folder and master
   * @param work a folder for logs and what Spark leaves behind
   */
  LocalCluster(String mainClass, List<String> job, Path work) {
    this.mainClass = requireNonNull(mainClass, "mainClass");
    this.job = List.copyOf(job);
    this.work = requireNonNull(work, "work");
    this.log = work.resolve("drivers.log");
  }

  /** Starts the job on a run folder. */
  IconProcess start(Path run, String... sparkSettings) throws IOException {
    attempts++;
    List<String> arguments = new ArrayList<>(job);
    arguments.addAll(List.of("--out", run.toString()));
    arguments.addAll(
        List.of("--master", "local-cluster[%d,%d,%d]".formatted(EXECUTORS, CORES, MEGABYTES)));
    List<String> settings =
        new ArrayList<>(
            List.of(
                "spark.executor.memory=" + MEGABYTES + "m",
                "spark.executor.extraClassPath=" + IconProcess.classPath(),
                "spark.extraListeners=" + ShardTaskLog.class.getName(),
                ShardTaskLog.FILE + "=" + taskLog(),
                "spark.sql.shuffle.partitions=4",
                "spark.ui.enabled=false"));
    settings.addAll(List.of(sparkSettings));
    for (String setting : settings) {
      arguments.addAll(List.of("--conf", setting));
    }
    return IconProcess.start(mainClass, arguments, Files.createDirectories(work), log);
  }

  /** What the driver that was started last noted of its tasks. */
  ShardTasks tasks() throws IOException {
    return ShardTasks.of(taskLog());
  }

  private Path taskLog() {
    return work.resolve("tasks-" + attempts + ".log");
  }
}

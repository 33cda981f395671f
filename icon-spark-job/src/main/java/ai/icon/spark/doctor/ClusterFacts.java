package ai.icon.spark.doctor;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * All that the driver knows before a session is opened.
 *
 * @param master where the executors come from
 * @param spark Spark's settings
 * @param driver the driver's process
 * @param model the model
 * @param use what the stages in question want of the model
 * @param candidates how many samples are scored; {@link Integer#MAX_VALUE} for all
 * @param out the run folder
 * @param silentMasters addresses of standalone masters that took no connection
 */
record ClusterFacts(
    SparkMaster master,
    SparkSettings spark,
    DriverFacts driver,
    ModelFacts model,
    ModelUse use,
    int candidates,
    FolderFacts out,
    List<String> silentMasters) {
  private static final String EXECUTOR_CORES = "spark.executor.cores";

  ClusterFacts {
    requireNonNull(master, "master");
    requireNonNull(spark, "spark");
    requireNonNull(driver, "driver");
    requireNonNull(model, "model");
    requireNonNull(use, "use");
    requireNonNull(out, "out");
    silentMasters = List.copyOf(silentMasters);
  }

  /** Cores of one executor, or 0 where the cluster decides. */
  int executorCores() {
    return switch (master.kind()) {
      case LOCAL -> master.threads().orElse(driver.cores());
      case YARN, KUBERNETES -> spark.whole(EXECUTOR_CORES, 1);
      case LOCAL_CLUSTER -> spark.whole(EXECUTOR_CORES, localClusterCores());
      case STANDALONE, UNKNOWN -> spark.whole(EXECUTOR_CORES, 0);
    };
  }

  private int localClusterCores() {
    String[] numbers = master.text().replaceAll("[^\\d,]", "").split(",", -1);
    return Integer.parseInt(numbers[1]);
  }
}

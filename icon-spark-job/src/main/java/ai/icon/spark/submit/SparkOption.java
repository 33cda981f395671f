package ai.icon.spark.submit;

import java.util.Arrays;
import java.util.Optional;

/** The options of a command line that are Spark's and not the job's; each takes one value. */
public enum SparkOption {
  /** Where the job runs. */
  MASTER(
      "--master",
      "<url>",
      "spark.master",
      "local[N], spark://HOST:PORT, yarn or k8s://URL. Without it the one of Spark's own settings,"
          + " or local[*]."),
  /** Where the driver runs. */
  DEPLOY_MODE(
      "--deploy-mode",
      "<client|cluster>",
      "spark.submit.deployMode",
      "Where the driver runs: client (here) or cluster (there). In cluster mode icon waits and"
          + " ends with the exit code of the job. Default: client."),
  /** A single setting. */
  CONF("--conf", "<key=value>", "", "A Spark setting. May be repeated."),
  /** A file of settings. */
  PROPERTIES_FILE(
      "--properties-file",
      "<file>",
      "",
      "Spark settings in place of spark-defaults.conf, such as conf/spark-gpu.conf."),
  /** Heap of the driver. */
  DRIVER_MEMORY("--driver-memory", "<size>", "spark.driver.memory", "Heap of the driver."),
  /** Cores of the driver. */
  DRIVER_CORES(
      "--driver-cores", "<count>", "spark.driver.cores", "Cores of the driver in cluster mode."),
  /** Heap of an executor. */
  EXECUTOR_MEMORY(
      "--executor-memory",
      "<size>",
      "spark.executor.memory",
      "Heap of an executor, without the weights."),
  /** Cores of an executor. */
  EXECUTOR_CORES(
      "--executor-cores", "<count>", "spark.executor.cores", "Cores of an executor: its tasks."),
  /** Executors on YARN and Kubernetes. */
  NUM_EXECUTORS(
      "--num-executors", "<count>", "spark.executor.instances", "Executors, on YARN and k8s."),
  /** Cores in all on a standalone cluster. */
  TOTAL_EXECUTOR_CORES(
      "--total-executor-cores",
      "<count>",
      "spark.cores.max",
      "Cores of all executors, on a standalone cluster."),
  /** The application's name. */
  NAME("--name", "<text>", "spark.app.name", "Name of the application on the cluster."),
  /** YARN's queue. */
  QUEUE("--queue", "<name>", "spark.yarn.queue", "Queue on YARN."),
  /** Files for the working folders. */
  FILES("--files", "<files>", "spark.files", "Files for each executor's working folder."),
  /** Archives for the working folders. */
  ARCHIVES(
      "--archives",
      "<files>",
      "spark.archives",
      "Archives unpacked into each executor's working folder, such as model.tar.gz#model."),
  /** More jars. */
  JARS("--jars", "<files>", "spark.jars", "Further jars, such as those of an object store."),
  /** More jars, by their coordinates. */
  PACKAGES("--packages", "<coordinates>", "spark.jars.packages", "Further jars, from Maven.");

  private final String option;
  private final String label;
  private final String key;
  private final String help;

  SparkOption(String option, String label, String key, String help) {
    this.option = option;
    this.label = label;
    this.key = key;
    this.help = help;
  }

  /** As written on a command line, such as {@code --master}. */
  public String option() {
    return option;
  }

  /** What it takes, for help. */
  public String label() {
    return label;
  }

  /** The setting that it stands for; empty for those that hold other settings. */
  public String key() {
    return key;
  }

  /** One or two sentences. */
  public String help() {
    return help;
  }

  /** The option that a word of a command line is, or begins as {@code --option=value}. */
  static Optional<SparkOption> of(String word) {
    String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
    return Arrays.stream(values()).filter(option -> option.option.equals(name)).findFirst();
  }
}

package ai.icon.spark.executor;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** How many cores one executor has: as many threads as a forward pass gets if nobody says. */
public final class ExecutorCores {
  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*\\d+\\s*,\\s*(\\d+)\\s*,.*");
  private static final Pattern CORES_ARGUMENT = Pattern.compile(".* --cores (\\d+).*");
  private static final String SETTING = "spark.executor.cores";

  private ExecutorCores() {}

  /**
   * The cores of an executor of this session. A local master's executor is this process, with all
   * cores of the machine, because one task computes at a time. A standalone cluster's executor has
   * all cores of its worker where {@code spark.executor.cores} is not set: one is asked, by a job
   * of one task.
   */
  public static int of(JavaSparkContext spark) {
    SparkConf conf = spark.getConf();
    String master = spark.master();
    if (master.startsWith("spark://") && !conf.contains(SETTING)) {
      return spark.parallelize(List.of(0), 1).map(any -> ofThisExecutor()).collect().get(0);
    }
    return of(master, conf.getInt(SETTING, 1), Runtime.getRuntime().availableProcessors());
  }

  /**
   * The same for all but standalone clusters.
   *
   * @param set spark.executor.cores; YARN and Kubernetes give 1 where it is not set
   * @param machine cores of this machine
   */
  static int of(String master, int set, int machine) {
    Matcher cluster = LOCAL_CLUSTER.matcher(master);
    if (cluster.matches()) {
      return Integer.parseInt(cluster.group(1));
    }
    return master.startsWith("local") ? machine : set;
  }

  /** Spark tells an executor its cores on its command line and nowhere else. */
  private static int ofThisExecutor() {
    return ofCommand(
        System.getProperty("sun.java.command", ""), Runtime.getRuntime().availableProcessors());
  }

  static int ofCommand(String command, int machine) {
    Matcher cores = CORES_ARGUMENT.matcher(command);
    return cores.matches() ? Integer.parseInt(cores.group(1)) : machine;
  }
}

package ai.icon.spark.submit;

import ai.icon.error.UserError;
import java.util.List;

/**
 * Where a job is to run.
 *
 * @param url the master
 * @param deployMode {@code client} or {@code cluster}
 */
record Destination(String url, String deployMode) {
  Destination {
    if (!deployMode.equals("client") && !deployMode.equals("cluster")) {
      throw new UserError(
          "Invalid option --deploy-mode: must be client or cluster, got " + deployMode,
          "Leave it out to run the driver here.");
    }
    boolean isKnown =
        url.startsWith("local")
            || url.startsWith("spark://")
            || url.startsWith("k8s://")
            || url.equals("yarn");
    if (!isKnown) {
      throw new UserError(
          "Invalid option --master: must be local[N], spark://HOST:PORT, yarn or k8s://URL, got "
              + url,
          "Ask those who run the cluster for its URL.");
    }
  }

  /** Whether everything runs in this process. */
  boolean isLocal() {
    return url.startsWith("local") && !url.startsWith("local-cluster");
  }

  boolean isYarn() {
    return url.equals("yarn");
  }

  boolean isStandalone() {
    return url.startsWith("spark://");
  }

  /** Whether the driver runs elsewhere. */
  boolean isCluster() {
    return deployMode.equals("cluster");
  }

  /** The setting that makes spark-submit wait for the driver's end. */
  String waiting() {
    if (isStandalone()) {
      return "spark.standalone.submit.waitAppCompletion";
    }
    return isYarn()
        ? "spark.yarn.submit.waitAppCompletion"
        : "spark.kubernetes.submission.waitAppCompletion";
  }

  /** Whether spark-submit shall wait for the driver's end: unless the user wants it not to. */
  boolean isAwaited(GivenSettings settings) {
    return Boolean.parseBoolean(settings.of(waiting(), "true"));
  }

  /** Refuses what cannot work. */
  void checkAgainst(List<String> job, boolean hasSpark) {
    if (isCluster() && url.startsWith("local")) {
      throw new UserError(
          "Invalid option --deploy-mode: must be client with --master " + url + ", got cluster",
          "Leave it out, or name the master of a cluster.");
    }
    if (isCluster() && job.contains("--dry-run")) {
      throw new UserError(
          "Cannot plan in cluster mode: the plan would be printed in the driver's log.",
          "Use --deploy-mode client with --dry-run.");
    }
    if (!hasSpark && (isYarn() || url.startsWith("k8s://"))) {
      throw new UserError(
          "Cannot submit to " + url + ": that needs a whole Spark, and none is here.",
          "Set SPARK_HOME to one, or pip install pyspark==3.5.7 and put its spark-submit on the"
              + " PATH.");
    }
    if (!hasSpark && url.startsWith("local-cluster")) {
      throw new UserError(
          "Cannot run " + url + ": its executors need a whole Spark, and none is here.",
          "Set SPARK_HOME to one.");
    }
  }
}

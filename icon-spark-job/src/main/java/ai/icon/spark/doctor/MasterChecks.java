package ai.icon.spark.doctor;

import java.util.List;

/** Where executors come from, and whether they can. */
final class MasterChecks {
  private static final String FORM = "master";
  private static final String LOCAL_GPU = "GPUs on a local master";
  private static final String REACHED = "master reached";
  private static final List<String> AMOUNTS =
      List.of(
          "spark.task.resource.gpu.amount",
          "spark.executor.resource.gpu.amount",
          "spark.driver.resource.gpu.amount");

  private MasterChecks() {}

  static Finding form(ClusterFacts facts) {
    SparkMaster master = facts.master();
    if (master.kind() == SparkMaster.Kind.UNKNOWN) {
      return Finding.refused(
          FORM,
          "Invalid --master: must be local[N], local[*], spark://host:port, yarn or"
              + " k8s://https://host:port, got "
              + master.text(),
          "Correct --master, or leave it out to run in this process.");
    }
    return Finding.ok(FORM, master.text());
  }

  /** Spark waits for ever for an address that a local master never offers, and says nothing. */
  static Finding gpusOnLocalMaster(ClusterFacts facts) {
    if (!facts.master().isLocal()) {
      return Finding.ok(LOCAL_GPU, "not a local master");
    }
    List<String> set =
        AMOUNTS.stream()
            .filter(key -> facts.spark().number(key, 0) > 0)
            .map(key -> key + "=" + facts.spark().text(key, ""))
            .toList();
    if (set.isEmpty()) {
      return Finding.ok(LOCAL_GPU, "none asked for");
    }
    return Finding.refused(
        LOCAL_GPU,
        facts.master().text()
            + " offers no GPU address, and a task that waits for one waits for ever: "
            + String.join(", ", set),
        "Leave these settings out, or name a cluster with --master. GPUs of one machine: start a"
            + " Spark master and a worker on it (docs/operations.md).");
  }

  static Finding reached(ClusterFacts facts) {
    SparkMaster master = facts.master();
    boolean isSubmitted = facts.spark().text("spark.submit.deployMode", "client").equals("cluster");
    boolean needsSettings = master.kind() == SparkMaster.Kind.YARN && !isSubmitted;
    if (needsSettings && !facts.driver().hasHadoopSettings()) {
      return Finding.refused(
          REACHED,
          "--master yarn, but neither HADOOP_CONF_DIR nor YARN_CONF_DIR is set",
          "Set HADOOP_CONF_DIR to the folder that holds yarn-site.xml.");
    }
    List<String> silent = facts.silentMasters();
    if (silent.isEmpty()) {
      return Finding.ok(REACHED, master.addresses().isEmpty() ? "nothing to reach" : "it answers");
    }
    if (silent.size() < master.addresses().size()) {
      return Finding.warning(
          REACHED,
          "no connection to " + String.join(", ", silent) + "; another master answers",
          "Take the dead one out of --master, or start it.");
    }
    return Finding.refused(
        REACHED,
        "no connection to " + String.join(", ", silent),
        "Start the master, or correct host and port in --master; its page shows the address.");
  }
}

package ai.icon.spark.doctor;

import java.util.Locale;

/** Amounts of GPUs against each other and against cores. */
final class GpuChecks {
  private static final String AMOUNTS = "GPU amounts";
  private static final String SLOTS = "GPU slots against cores";
  private static final String CORES = "cores";
  private static final String TASK = "spark.task.resource.gpu.amount";
  private static final String EXECUTOR = "spark.executor.resource.gpu.amount";

  private GpuChecks() {}

  static Finding cores(ClusterFacts facts) {
    int cores = facts.executorCores();
    int cpus = facts.spark().whole("spark.task.cpus", 1);
    if (cpus < 1) {
      return Finding.refused(
          CORES, "spark.task.cpus=" + cpus + " must be at least 1", "Leave spark.task.cpus out.");
    }
    if (cores > 0 && cpus > cores) {
      return Finding.refused(
          CORES,
          "a task asks for " + cpus + " cores, an executor has " + cores,
          "Set spark.executor.cores to at least spark.task.cpus.");
    }
    return Finding.ok(
        CORES, cores > 0 ? cores + " an executor, " + cpus + " a task" : "as offered");
  }

  static Finding amounts(ClusterFacts facts) {
    double executor = facts.spark().number(EXECUTOR, 0);
    double task = facts.spark().number(TASK, 0);
    if (executor == 0 && task == 0) {
      return none(facts);
    }
    if (executor != Math.rint(executor) || executor < 0) {
      return refused(EXECUTOR + "=" + text(executor) + " must be a whole number");
    }
    if (task < 0 || (task > 1 && task != Math.rint(task))) {
      return refused(TASK + "=" + text(task) + " must be a part of one, or a whole number");
    }
    if (task > executor) {
      return refused("a task asks for " + text(task) + " GPUs, an executor has " + text(executor));
    }
    if (task == 0) {
      return unassigned(facts, executor);
    }
    return Finding.ok(AMOUNTS, text(executor) + " an executor, " + text(task) + " a task");
  }

  private static Finding none(ClusterFacts facts) {
    boolean wantsGpu = facts.use().forwards() && facts.model().device().equals("gpu");
    if (wantsGpu && !facts.master().isLocal()) {
      return Finding.refused(
          AMOUNTS,
          "--device gpu, but executors are asked for without GPUs",
          "Add --conf " + EXECUTOR + "=1 --conf " + TASK + "=1, or use --device cpu.");
    }
    return Finding.ok(AMOUNTS, "none asked for");
  }

  /** Executors hold GPUs whose addresses no task is told. */
  private static Finding unassigned(ClusterFacts facts, double executor) {
    String found =
        text(executor) + " an executor, but tasks are given none: " + TASK + " is not set";
    String cure = "Add --conf " + TASK + "=1, or a part of one where tasks share a GPU.";
    if (!facts.use().forwards()) {
      return Finding.warning(AMOUNTS, found, "Leave " + EXECUTOR + " out: no model is run.");
    }
    return facts.model().isOnCpu()
        ? Finding.warning(AMOUNTS, found, "Leave " + EXECUTOR + " out: --device cpu needs none.")
        : Finding.refused(AMOUNTS, found, cure);
  }

  private static Finding refused(String found) {
    return Finding.refused(
        AMOUNTS,
        found,
        "Use "
            + EXECUTOR
            + "=1 with "
            + TASK
            + "=1, or a part of one such as 0.5 where tasks share a GPU.");
  }

  /** What can never be used: a GPU without a core to feed it, a core without a share of a GPU. */
  static Finding slots(ClusterFacts facts) {
    double executor = facts.spark().number(EXECUTOR, 0);
    double task = facts.spark().number(TASK, 0);
    int cores = facts.executorCores();
    int cpus = Math.max(1, facts.spark().whole("spark.task.cpus", 1));
    if (executor <= 0 || task <= 0 || task > executor || cores < cpus) {
      return Finding.ok(SLOTS, "nothing to compare");
    }
    int byCores = cores / cpus;
    int perGpu = task >= 1 ? 1 : (int) Math.floor(1 / task + 1e-9);
    int byGpus = task >= 1 ? (int) (executor / task) : (int) (executor * perGpu);
    String both = byCores + " tasks by cores, " + byGpus + " by GPUs";
    if (task <= 1 && byCores < executor) {
      return Finding.warning(
          SLOTS,
          both + ": " + text(executor - byCores) + " GPUs of every executor are never used",
          "Set spark.executor.cores to at least " + text(executor * cpus) + ".");
    }
    if (byCores > byGpus) {
      return Finding.warning(
          SLOTS,
          both + ": " + (byCores - byGpus) * cpus + " cores of every executor stay idle",
          "Set "
              + TASK
              + "="
              + share(executor, byCores)
              + ", so that tasks share a GPU and"
              + " tokenise while another one computes.");
    }
    return Finding.ok(SLOTS, both);
  }

  /** The part of a GPU with which the GPUs take as many tasks as the cores, rounded down. */
  private static String share(double gpus, int tasks) {
    return text(Math.floor(100 / Math.ceil(tasks / gpus)) / 100);
  }

  private static String text(double amount) {
    return amount == Math.rint(amount)
        ? String.format(Locale.ROOT, "%.0f", amount)
        : String.format(Locale.ROOT, "%s", amount);
  }
}

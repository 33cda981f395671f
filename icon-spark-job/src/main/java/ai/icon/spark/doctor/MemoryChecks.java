package ai.icon.spark.doctor;

import static ai.icon.spark.doctor.Bytes.GIBIBYTE;
import static ai.icon.spark.doctor.Bytes.MEBIBYTE;

import ai.icon.spark.config.ScoreConfig;

/** Heaps, and what libtorch takes outside of them. */
final class MemoryChecks {
  private static final String OVERHEAD = "memoryOverhead against weights";
  private static final String EXECUTOR_HEAP = "executor heap";
  private static final String DRIVER_HEAP = "driver heap";
  private static final String MACHINE = "memory for weights";
  private static final String GPU_AMOUNT = "spark.executor.resource.gpu.amount";

  /** Spark refuses a smaller heap: one and a half of what it reserves for itself. */
  private static final long SMALLEST_HEAP = 450 * MEBIBYTE;

  /** Spark's own least overhead, and share of the heap. */
  private static final long LEAST_OVERHEAD = 384 * MEBIBYTE;

  private MemoryChecks() {}

  /**
   * YARN and Kubernetes kill a container that grows over heap and overhead. Below weights and one
   * GiB of libtorch that is certain; the advice on top is room for passes.
   */
  static Finding overhead(ClusterFacts facts) {
    long weights = facts.model().weightBytes();
    if (!facts.master().limitsMemory() || weights == 0 || !facts.use().forwards()) {
      return Finding.ok(OVERHEAD, "no container limit, or no model to run");
    }
    long given = givenOverhead(facts);
    boolean hasGpu = facts.spark().number(GPU_AMOUNT, 0) > 0 && !facts.model().isOnCpu();
    long least = weights + GIBIBYTE;
    long wanted =
        hasGpu
            ? weights + 4 * GIBIBYTE + tasks(facts) * GIBIBYTE
            : least + Math.max(GIBIBYTE, 2 * facts.model().passBytes());
    String found =
        "overhead "
            + Bytes.text(given)
            + ", weights "
            + Bytes.text(weights)
            + ", to start with "
            + Bytes.text(wanted);
    String cure =
        "Add --conf spark.executor.memoryOverhead="
            + Bytes.mebibytes(wanted)
            + "m: libtorch lies outside of the heap.";
    if (given < least) {
      return Finding.refused(
          OVERHEAD, found + "; the container would be killed while it loads", cure);
    }
    return given < wanted ? Finding.warning(OVERHEAD, found, cure) : Finding.ok(OVERHEAD, found);
  }

  private static long givenOverhead(ClusterFacts facts) {
    SparkSettings spark = facts.spark();
    if (spark.has("spark.executor.memoryOverhead")) {
      return spark.bytes("spark.executor.memoryOverhead", "0", 'm');
    }
    boolean isOnKubernetes = facts.master().kind() == SparkMaster.Kind.KUBERNETES;
    // The older key counts on Kubernetes alone, and only where the newer one is not set.
    double otherwise =
        isOnKubernetes ? spark.number("spark.kubernetes.memoryOverheadFactor", 0.10) : 0.10;
    double share = spark.number("spark.executor.memoryOverheadFactor", otherwise);
    long heap = spark.bytes("spark.executor.memory", "1g", 'm');
    return Math.max(LEAST_OVERHEAD, (long) (heap * share));
  }

  private static int tasks(ClusterFacts facts) {
    int cpus = Math.max(1, facts.spark().whole("spark.task.cpus", 1));
    return Math.max(1, facts.executorCores() / cpus);
  }

  static Finding executorHeap(ClusterFacts facts) {
    if (facts.master().isLocal()) {
      return Finding.ok(EXECUTOR_HEAP, "that of the driver");
    }
    long heap = facts.spark().bytes("spark.executor.memory", "1g", 'm');
    if (heap < SMALLEST_HEAP) {
      return Finding.refused(
          EXECUTOR_HEAP,
          Bytes.text(heap) + " is less than Spark starts with, " + Bytes.text(SMALLEST_HEAP),
          "Add --conf spark.executor.memory=1g.");
    }
    return Finding.ok(EXECUTOR_HEAP, Bytes.text(heap));
  }

  /** A selector that is trained on hidden states has all candidates' in the driver's heap. */
  static Finding driverHeap(ClusterFacts facts) {
    long heap = facts.driver().heapBytes();
    String cure = "Set ICON_DRIVER_MEMORY (submit/icon) or --driver-memory (spark-submit) to ";
    // The collector keeps a part of what -Xmx says to itself.
    if (heap < SMALLEST_HEAP * 9 / 10) {
      return Finding.refused(
          DRIVER_HEAP,
          Bytes.text(heap) + " is less than Spark starts with, " + Bytes.text(SMALLEST_HEAP),
          cure + "1g or more.");
    }
    long vectors =
        facts.candidates() == ScoreConfig.ALL || !facts.use().trainsOnStates()
            ? 0
            : (long) facts.candidates() * facts.model().hidden() * Float.BYTES;
    String found =
        Bytes.text(heap) + "; hidden states of the candidates take " + Bytes.text(vectors);
    String more =
        cure + Bytes.mebibytes(3 * vectors + GIBIBYTE) + "m, or score fewer --candidates.";
    if (vectors > heap) {
      return Finding.refused(DRIVER_HEAP, found, more);
    }
    return 3 * vectors > heap
        ? Finding.warning(DRIVER_HEAP, found, more)
        : Finding.ok(DRIVER_HEAP, found);
  }

  /** In one process, weights and heap share the machine. */
  static Finding machine(ClusterFacts facts) {
    long weights = facts.model().weightBytes();
    if (!facts.use().forwards()) {
      return Finding.ok(MACHINE, "no model to run");
    }
    if (!facts.master().isLocal() || weights == 0) {
      return Finding.ok(MACHINE, "asked of the executors");
    }
    return machine(weights, facts.driver().heapBytes(), facts.driver().memoryBytes());
  }

  /** The same for any JVM: the driver's, or an executor's. */
  static Finding machine(long weights, long heap, long memory) {
    String found =
        "weights "
            + Bytes.text(weights)
            + ", heap "
            + Bytes.text(heap)
            + ", the machine has "
            + Bytes.text(memory);
    String cure = "Use --dtype bfloat16, a smaller checkpoint, or a machine with more memory.";
    if (weights > memory) {
      return Finding.refused(MACHINE, found, cure);
    }
    return weights + heap + GIBIBYTE > memory
        ? Finding.warning(MACHINE, found, cure)
        : Finding.ok(MACHINE, found);
  }
}

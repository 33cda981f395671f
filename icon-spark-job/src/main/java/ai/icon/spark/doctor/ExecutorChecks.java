package ai.icon.spark.doctor;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the executors found; each check speaks of the first that is not well, and counts them. */
final class ExecutorChecks {
  private static final String SEEN = "executors";
  private static final String MODEL = "model on executors";
  private static final String OUT = "run folder on executors";
  private static final String DISK = "disk for natives";
  private static final String LOADS = "libtorch loads";
  private static final int DIGITS = 12;

  private ExecutorChecks() {}

  static Finding seen(SessionFacts facts) {
    List<ExecutorFacts> all = facts.executors();
    long executors = all.stream().map(ExecutorFacts::executor).distinct().count();
    TreeSet<String> hosts = new TreeSet<>(all.stream().map(ExecutorFacts::host).toList());
    return Finding.ok(SEEN, executors + " asked, on " + String.join(", ", hosts));
  }

  static Finding java(SessionFacts facts) {
    for (ExecutorFacts executor : facts.executors()) {
      Finding finding = PlatformChecks.java(executor.javaVersion(), executor.place());
      if (finding.verdict() != Verdict.OK) {
        return finding;
      }
    }
    ExecutorFacts first = facts.executors().get(0);
    return PlatformChecks.java(first.javaVersion(), "the executors");
  }

  static Finding model(SessionFacts facts) {
    if (facts.fingerprint().isEmpty()) {
      return Finding.ok(MODEL, "none needed");
    }
    Optional<Finding> unreachable =
        first(facts, executor -> !executor.modelProblem().isEmpty())
            .map(
                executor ->
                    Finding.refused(
                        MODEL,
                        at(executor, firstLine(executor.modelProblem())),
                        "Put the checkpoint at the same path on every machine: a shared disk, or a"
                            + " copy on each."));
    return unreachable
        .or(() -> differing(facts))
        .orElseGet(() -> Finding.ok(MODEL, "the driver's, " + shown(facts.fingerprint())));
  }

  private static Optional<Finding> differing(SessionFacts facts) {
    return first(facts, executor -> !executor.modelFingerprint().equals(facts.fingerprint()))
        .map(
            executor ->
                Finding.refused(
                    MODEL,
                    "the checkpoint differs: "
                        + shown(facts.fingerprint())
                        + " on the driver, "
                        + shown(executor.modelFingerprint())
                        + " for "
                        + executor.place(),
                    "Copy the same files to every machine."));
  }

  static Finding out(SessionFacts facts) {
    return first(facts, executor -> !executor.outProblem().isEmpty())
        .map(
            executor ->
                Finding.refused(
                    OUT,
                    facts.driver().out().place()
                        + " is not the same folder for "
                        + executor.place()
                        + ": "
                        + executor.outProblem(),
                    "Name an --out that all machines see and may write: a shared disk, hdfs:// or"
                        + " s3a://."))
        .orElseGet(() -> Finding.ok(OUT, "read and written"));
  }

  static Finding disk(SessionFacts facts) {
    String cure =
        "Set spark.executorEnv.DJL_CACHE_DIR to a folder with room that the executors may write.";
    return first(facts, executor -> lacks(executor.torch()))
        .map(
            executor ->
                Finding.refused(
                    DISK,
                    executor.torch().folder()
                        + " on "
                        + executor.host()
                        + (executor.torch().isWritable()
                            ? " has " + Bytes.text(executor.torch().freeBytes()) + " free, "
                            : " cannot be written; ")
                        + "libtorch needs "
                        + Bytes.text(executor.torch().missingBytes()),
                    cure))
        .orElseGet(() -> Finding.ok(DISK, facts.executors().get(0).torch().folder()));
  }

  private static boolean lacks(ExecutorFacts.Torch torch) {
    return torch.missingBytes() > 0
        && (!torch.isWritable() || torch.freeBytes() < torch.missingBytes());
  }

  static Finding loads(SessionFacts facts) {
    return first(facts, executor -> !executor.torch().problem().isEmpty())
        .map(
            executor -> {
              Finding told = Finding.refused(LOADS, executor.torch().problem());
              return Finding.refused(LOADS, at(executor, told.found()), told.cure());
            })
        .orElseGet(
            () -> {
              boolean isLoaded =
                  facts.executors().get(0).torch().cudaDevices() != ExecutorFacts.Torch.UNKNOWN;
              return Finding.ok(LOADS, isLoaded ? "on all that were asked" : "not asked");
            });
  }

  /**
   * Weights beside heaps, where they lie in the machine's memory and not in a GPU's. Executors of
   * one host share its memory, unless each sees that of its own container: then only one alone is
   * certain not to fit.
   */
  static Finding memory(SessionFacts facts) {
    long weights = facts.driver().model().weightBytes();
    Finding worst = Finding.ok("memory for weights", "no model in the memory of executors");
    if (weights == 0 || !facts.driver().use().forwards()) {
      return worst;
    }
    boolean isFirst = true;
    for (List<ExecutorFacts> onHost : byHost(facts)) {
      Finding finding = memory(weights, onHost);
      if (isFirst || finding.verdict().compareTo(worst.verdict()) > 0) {
        worst = finding;
      }
      isFirst = false;
    }
    return worst;
  }

  private static Finding memory(long weights, List<ExecutorFacts> onHost) {
    long count = onHost.stream().map(ExecutorFacts::executor).distinct().count();
    ExecutorFacts one = onHost.get(0);
    Finding alone = MemoryChecks.machine(weights, one.heapBytes(), one.memoryBytes());
    Finding all = MemoryChecks.machine(weights * count, one.heapBytes() * count, one.memoryBytes());
    return alone.verdict() == Verdict.OK && all.verdict() != Verdict.OK
        ? Finding.warning(
            all.check(), all.found() + ", for " + count + " executors on " + one.host(), all.cure())
        : alone;
  }

  private static Iterable<List<ExecutorFacts>> byHost(SessionFacts facts) {
    boolean isOnCpu = facts.driver().model().isOnCpu();
    return facts.executors().stream()
        .filter(executor -> isOnCpu || executor.gpuAddresses().isEmpty())
        .collect(Collectors.groupingBy(ExecutorFacts::host, TreeMap::new, Collectors.toList()))
        .values();
  }

  static Optional<ExecutorFacts> first(SessionFacts facts, Predicate<ExecutorFacts> isWrong) {
    return facts.executors().stream().filter(isWrong).findFirst();
  }

  private static String at(ExecutorFacts executor, String message) {
    String sentence = message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    return sentence + " (" + executor.place() + ")";
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }

  private static String shown(String fingerprint) {
    return fingerprint.substring(0, Math.min(DIGITS, fingerprint.length()));
  }
}

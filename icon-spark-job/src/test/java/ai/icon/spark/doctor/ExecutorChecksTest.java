package ai.icon.spark.doctor;

import static ai.icon.spark.doctor.Facts.CUDA;
import static ai.icon.spark.doctor.Facts.FINGERPRINT;
import static ai.icon.spark.doctor.Facts.GIB;
import static ai.icon.spark.doctor.Facts.MODEL;
import static ai.icon.spark.doctor.Facts.executor;
import static ai.icon.spark.doctor.Facts.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Each check of what executors found, where all is well and where one of them is not. */
class ExecutorChecksTest {
  private static final ExecutorFacts FINE = executor("0", "a", CUDA, "0");
  private static final ExecutorFacts.Torch CPU =
      new ExecutorFacts.Torch("cpu", "/natives", 0, GIB, true, 0, "");

  private static void assertOk(Finding finding) {
    assertThat(finding.verdict()).as(finding.toString()).isEqualTo(Verdict.OK);
  }

  private static void assertRefused(Finding finding, String found, String cure) {
    assertThat(finding.verdict()).as(finding.toString()).isEqualTo(Verdict.REFUSED);
    assertThat(finding.found()).contains(found);
    assertThat(finding.cure()).contains(cure);
  }

  @Test
  void factsTravelAsTextAndComeBackEqual() {
    assertThat(ExecutorFacts.of(FINE.json())).isEqualTo(FINE);
  }

  @Test
  void executorsAndHostsAreCountedOnce() {
    Finding finding =
        ExecutorChecks.seen(session(MODEL, FINE, FINE, executor("1", "b", CUDA, "0")));
    assertThat(finding.found()).isEqualTo("2 asked, on a, b");
  }

  @Test
  void anExecutorsOtherJavaIsRefused() {
    ExecutorFacts old =
        new ExecutorFacts("1", "b", 11, GIB, GIB, List.of(), "", "", FINGERPRINT, CUDA, "");
    assertRefused(
        ExecutorChecks.java(session(MODEL, FINE, old)), "executor 1 on b has 11", "JAVA_HOME");
    assertOk(ExecutorChecks.java(session(MODEL, FINE)));
  }

  @Test
  void aModelThatAnExecutorDoesNotSeeIsRefused() {
    ExecutorFacts blind =
        new ExecutorFacts(
            "1", "b", 17, GIB, GIB, List.of(), "", "Cannot open /m: none.\n  Cure.", "", CUDA, "");
    assertRefused(
        ExecutorChecks.model(session(MODEL, FINE, blind)),
        "Cannot open /m: none (executor 1 on b)",
        "on every machine");
  }

  @Test
  void anotherCheckpointOnAnExecutorIsRefused() {
    ExecutorFacts other = executor("1", "b", "fedcba9876543210", CUDA, "", "0");
    assertRefused(
        ExecutorChecks.model(session(MODEL, FINE, other)),
        "0123456789ab on the driver, fedcba987654 for executor 1 on b",
        "the same files");
    assertOk(ExecutorChecks.model(session(MODEL, FINE)));
  }

  @Test
  void aRunFolderOfTheDriverAloneIsRefused() {
    ExecutorFacts away =
        new ExecutorFacts(
            "1", "b", 17, GIB, GIB, List.of(), "", "", FINGERPRINT, CUDA, "is not there");
    assertRefused(
        ExecutorChecks.out(session(MODEL, FINE, away)),
        "/runs/a is not the same folder for executor 1 on b: is not there",
        "shared disk");
    assertOk(ExecutorChecks.out(session(MODEL, FINE)));
  }

  @Test
  void nativesWithoutRoomAreRefused() {
    long need = 450L << 20;
    assertRefused(disk(need, 100L << 20, true), "has 100 MiB free, libtorch needs 450 MiB", "DJL");
    assertRefused(disk(need, GIB, false), "/natives on b cannot be written", "DJL_CACHE_DIR");
    assertOk(disk(need, GIB, true));
    assertOk(disk(0, 0, false));
  }

  private static Finding disk(long missing, long free, boolean isWritable) {
    ExecutorFacts.Torch torch =
        new ExecutorFacts.Torch("cpu", "/natives", missing, free, isWritable, -1, "");
    return ExecutorChecks.disk(session(MODEL, FINE, executor("1", "b", torch)));
  }

  @Test
  void aLibtorchThatDoesNotLoadIsRefusedInItsOwnWords() {
    ExecutorFacts.Torch broken =
        new ExecutorFacts.Torch(
            "cpu", "/natives", 0, GIB, true, -1, "Cannot load libtorch: why.\n  The cure.");
    Finding finding = ExecutorChecks.loads(session(MODEL, FINE, executor("1", "b", broken)));
    assertRefused(finding, "Cannot load libtorch: why (executor 1 on b)", "The cure.");
    assertOk(ExecutorChecks.loads(session(MODEL, FINE)));
  }

  @Test
  void executorsOfOneMachineShareItsMemoryUnlessEachHasAContainer() {
    Finding finding = ExecutorChecks.memory(session(MODEL, many()));
    assertThat(finding.verdict()).isEqualTo(Verdict.WARNING);
    assertThat(finding.found()).contains("weights 66.0 GiB").endsWith("for 33 executors on a");
    ModelFacts large = new ModelFacts("/m", "", "auto", 576, 65 * GIB, GIB);
    assertRefused(ExecutorChecks.memory(session(large, many())), "weights 65.0 GiB", "bfloat16");
  }

  private static ExecutorFacts[] many(String... gpus) {
    ExecutorFacts[] many = new ExecutorFacts[33];
    for (int i = 0; i < many.length; i++) {
      many[i] = executor(Integer.toString(i), "a", CUDA, gpus);
    }
    return many;
  }

  @Test
  void weightsOnAGpuTakeNoMemoryOfTheMachine() {
    assertOk(ExecutorChecks.memory(session(MODEL, many("0"))));
    Finding onCpu = ExecutorChecks.memory(session(Facts.device("cpu"), many("0")));
    assertThat(onCpu.verdict()).isEqualTo(Verdict.WARNING);
    assertOk(ExecutorChecks.memory(session(MODEL, FINE, executor("1", "b", CUDA))));
  }

  @Test
  void nativesOfTheCpuBesideAGpuAreRefusedUnlessTheCpuIsWanted() {
    ExecutorFacts wrong = executor("1", "b", CPU, "3");
    assertRefused(
        DeviceChecks.flavour(session(MODEL, FINE, wrong)),
        "executor 1 on b is to compute on GPU 3, but its libtorch is built for CPUs",
        "mvn -Pcuda package, or add --device cpu");
    assertOk(DeviceChecks.flavour(session(Facts.device("cpu"), FINE, wrong)));
    assertOk(DeviceChecks.flavour(session(MODEL, FINE, executor("1", "b", CPU))));
    assertRefused(
        DeviceChecks.flavour(session(Facts.device("gpu"), executor("1", "b", CPU))),
        "a GPU",
        "cpu");
  }

  @Test
  void aPretendedGpuIsRefusedUnlessTheCpuIsWanted() {
    ExecutorFacts.Torch none = new ExecutorFacts.Torch("cu124", "/natives", 0, GIB, true, 0, "");
    ExecutorFacts pretended = executor("1", "b", none, "0");
    assertRefused(
        DeviceChecks.addresses(session(MODEL, FINE, pretended)),
        "GPU 0, but libtorch sees no CUDA device there",
        "nvidia-smi");
    Finding onCpu = DeviceChecks.addresses(session(Facts.device("cpu"), FINE, pretended));
    assertOk(onCpu);
    assertThat(onCpu.found()).contains("given to 2 of 2 tasks; --device cpu computes on none");
  }

  @Test
  void anAddressBeyondTheDevicesIsRefused() {
    assertOk(DeviceChecks.addresses(session(MODEL, executor("0", "a", CUDA, "1"))));
    assertRefused(
        DeviceChecks.addresses(session(MODEL, FINE, executor("1", "b", CUDA, "2"))),
        "was given GPU 2, but libtorch sees 2 CUDA device(s)",
        "discovery script");
    assertRefused(
        DeviceChecks.addresses(session(MODEL, executor("1", "b", CUDA, "GPU-ab"))), "GPU-ab", "");
  }

  @Test
  void anAddressIsCountedAlongTheVisibleDevices() {
    assertOk(
        DeviceChecks.addresses(session(MODEL, executor("1", "b", FINGERPRINT, CUDA, "4,7", "7"))));
    assertRefused(
        DeviceChecks.addresses(session(MODEL, executor("1", "b", FINGERPRINT, CUDA, "4,7", "0"))),
        "along CUDA_VISIBLE_DEVICES=4,7",
        "lists");
  }
}

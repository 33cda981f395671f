package ai.icon.spark.doctor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** GPU addresses that tasks were given against what libtorch can compute on. */
final class DeviceChecks {
  private static final String FLAVOUR = "libtorch flavour";
  private static final String ADDRESSES = "GPU addresses";
  private static final String ON_CPU = "or add --device cpu to compute on the CPU on purpose.";

  private DeviceChecks() {}

  static Finding flavour(SessionFacts facts) {
    String flavour = facts.executors().get(0).torch().flavour();
    return ExecutorChecks.first(
            facts,
            executor -> wantsGpu(facts, executor) && executor.torch().flavour().equals("cpu"))
        .map(
            executor ->
                Finding.refused(
                    FLAVOUR,
                    executor.place()
                        + " is to compute on "
                        + asked(executor)
                        + ", but its libtorch is built for CPUs",
                    "Build with mvn -Pcuda package, " + ON_CPU))
        .orElseGet(() -> Finding.ok(FLAVOUR, flavour.isEmpty() ? "unknown" : flavour));
  }

  static Finding addresses(SessionFacts facts) {
    Optional<Finding> pretended =
        ExecutorChecks.first(
                facts, executor -> wantsGpu(facts, executor) && executor.torch().cudaDevices() == 0)
            .map(
                executor ->
                    Finding.refused(
                        ADDRESSES,
                        executor.place()
                            + " is to compute on "
                            + asked(executor)
                            + ", but libtorch sees no CUDA device there",
                        "Check nvidia-smi and the discovery script on that machine, " + ON_CPU));
    return pretended.or(() -> beyond(facts)).orElseGet(() -> Finding.ok(ADDRESSES, given(facts)));
  }

  private static Optional<Finding> beyond(SessionFacts facts) {
    return ExecutorChecks.first(facts, executor -> wantsGpu(facts, executor) && isBeyond(executor))
        .map(
            executor ->
                Finding.refused(
                    ADDRESSES,
                    executor.place()
                        + " was given "
                        + asked(executor)
                        + ", but libtorch sees "
                        + executor.torch().cudaDevices()
                        + " CUDA device(s) there, counted from 0"
                        + (executor.cudaVisible().isBlank()
                            ? ""
                            : " along CUDA_VISIBLE_DEVICES=" + executor.cudaVisible()),
                    "Let the discovery script print those numbers, or what CUDA_VISIBLE_DEVICES"
                        + " lists."));
  }

  /**
   * CUDA numbers the devices that CUDA_VISIBLE_DEVICES lists by their place in that list, and all
   * devices where it is not set.
   */
  private static boolean isBeyond(ExecutorFacts executor) {
    int devices = executor.torch().cudaDevices();
    List<String> visible =
        Arrays.stream(executor.cudaVisible().split(",", -1)).map(String::strip).toList();
    boolean isListed = !executor.cudaVisible().isBlank();
    return devices > 0
        && executor.gpuAddresses().stream()
            .mapToInt(address -> isListed ? visible.indexOf(address) : number(address))
            .anyMatch(number -> number < 0 || number >= devices);
  }

  private static int number(String address) {
    return address.matches("\\d{1,4}") ? Integer.parseInt(address) : -1;
  }

  private static boolean wantsGpu(SessionFacts facts, ExecutorFacts executor) {
    ModelFacts model = facts.driver().model();
    return facts.driver().use().forwards()
        && model.isGiven()
        && !model.isOnCpu()
        && (model.device().equals("gpu") || !executor.gpuAddresses().isEmpty());
  }

  private static String asked(ExecutorFacts executor) {
    return executor.gpuAddresses().isEmpty()
        ? "a GPU"
        : "GPU " + String.join(", ", executor.gpuAddresses());
  }

  private static String given(SessionFacts facts) {
    long with =
        facts.executors().stream().filter(executor -> !executor.gpuAddresses().isEmpty()).count();
    if (with == 0) {
      return "none given";
    }
    String used = facts.driver().model().isOnCpu() ? "; --device cpu computes on none" : "";
    return "given to " + with + " of " + facts.executors().size() + " tasks" + used;
  }
}

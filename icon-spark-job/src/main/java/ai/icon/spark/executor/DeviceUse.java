package ai.icon.spark.executor;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Says of a finished piece of work where it was done; travels from the task to the driver.
 *
 * @param assignment executor, address and device
 * @param loadSeconds what loading the weights took there, once for all the work
 */
public record DeviceUse(DeviceAssignment assignment, double loadSeconds) implements Serializable {
  /** Checks that all is given. */
  public DeviceUse {
    requireNonNull(assignment, "assignment");
    if (!(loadSeconds >= 0)) {
      throw new IllegalArgumentException(
          "Invalid load seconds: must not be negative, got " + loadSeconds);
    }
  }

  /**
   * Counts the pieces by place, for the manifest: host, executor, address (only where Spark
   * assigned one), device, loadSeconds, shards; in the order of executors and addresses.
   */
  public static List<Map<String, Object>> summed(List<DeviceUse> uses) {
    Map<DeviceAssignment, List<DeviceUse>> places =
        new TreeMap<>(
            Comparator.comparing(DeviceAssignment::host)
                .thenComparing(DeviceAssignment::executor)
                .thenComparing(DeviceAssignment::address)
                .thenComparing(DeviceAssignment::device));
    for (DeviceUse use : uses) {
      places.computeIfAbsent(use.assignment(), place -> new ArrayList<>()).add(use);
    }
    List<Map<String, Object>> summed = new ArrayList<>();
    places.forEach((place, used) -> summed.add(figures(place, used)));
    return summed;
  }

  private static Map<String, Object> figures(DeviceAssignment place, List<DeviceUse> uses) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("host", place.host());
    figures.put("executor", place.executor());
    if (!place.address().isEmpty()) {
      figures.put("address", place.address());
    }
    figures.put("device", place.device());
    figures.put(
        "loadSeconds", uses.stream().mapToDouble(DeviceUse::loadSeconds).max().orElseThrow());
    figures.put("shards", uses.size());
    return figures;
  }
}

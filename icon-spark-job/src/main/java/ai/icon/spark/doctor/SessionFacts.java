package ai.icon.spark.doctor;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What the executors of a session found, beside what the driver knows.
 *
 * @param driver what was known before
 * @param fingerprint of the driver's checkpoint; empty if none is needed
 * @param executors one entry a task; at least one
 */
record SessionFacts(ClusterFacts driver, String fingerprint, List<ExecutorFacts> executors) {
  SessionFacts {
    requireNonNull(driver, "driver");
    requireNonNull(fingerprint, "fingerprint");
    executors = List.copyOf(executors);
    if (executors.isEmpty()) {
      throw new IllegalArgumentException("Invalid session facts: at least one executor must speak");
    }
  }
}

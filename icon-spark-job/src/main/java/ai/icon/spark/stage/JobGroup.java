package ai.icon.spark.stage;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The group that the jobs of this thread belong to while it is open. The session is the caller's:
 * the group and name that its thread had before come back.
 */
final class JobGroup implements AutoCloseable {
  /** Spark's keys for what setting a group sets. */
  private static final List<String> KEYS =
      List.of("spark.jobGroup.id", StageContext.DESCRIPTION, "spark.job.interruptOnCancel");

  private final JavaSparkContext java;
  private final Map<String, Optional<String>> before = new HashMap<>();

  private JobGroup(JavaSparkContext java) {
    this.java = java;
    KEYS.forEach(key -> before.put(key, Optional.ofNullable(java.getLocalProperty(key))));
  }

  static JobGroup open(JavaSparkContext java, String group, String description) {
    JobGroup opened = new JobGroup(java);
    java.setJobGroup(group, description, false);
    return opened;
  }

  @Override
  public void close() {
    before.forEach((key, value) -> java.setLocalProperty(key, value.orElse(null)));
  }
}

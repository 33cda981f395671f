package ai.icon.spark.progress;

import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Carries {@link ProgressChannel} reports from tasks to the driver; accumulators would move only
 * when a task ends. Enabled by {@code spark.plugins}; works in local mode too.
 */
public final class ProgressPlugin implements SparkPlugin {
  /** Spark makes it by reflection. */
  public ProgressPlugin() {}

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Object receive(Object message) {
        ProgressChannel.deliver((ProgressDelta) message);
        return "";
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ProgressExecutorPlugin();
  }
}

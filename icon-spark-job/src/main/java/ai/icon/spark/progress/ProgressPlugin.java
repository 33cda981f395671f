package ai.icon.spark.progress;

import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Carries {@link ProgressChannel} reports from tasks to the driver; accumulators would move only
 * when a task ends; and shows the sums as metrics of Spark. Enabled by {@code spark.plugins}; works
 * in local mode too.
 */
public final class ProgressPlugin implements SparkPlugin {
  /** Spark makes it by reflection. */
  public ProgressPlugin() {}

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext spark, PluginContext context) {
        ProgressChannel.figures().clear();
        return Map.of();
      }

      @Override
      public void registerMetrics(String application, PluginContext context) {
        ProgressChannel.figures().register(context.metricRegistry());
      }

      @Override
      public Object receive(Object message) {
        ProgressChannel.deliver((ExecutorReport) message);
        return null; // Nobody waits for an answer, and Spark warns of one.
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ProgressExecutorPlugin();
  }
}

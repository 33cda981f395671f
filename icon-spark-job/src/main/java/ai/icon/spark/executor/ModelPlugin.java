package ai.icon.spark.executor;

import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Frees the models when an executor stops, before its JVM ends. Enabled by {@code spark.plugins};
 * in local mode it acts when the session stops. A JVM that ends without it still waits for its
 * native calls, by a hook of {@link ModelRegistry}.
 */
public final class ModelPlugin implements SparkPlugin {
  /** Spark makes it by reflection. */
  public ModelPlugin() {}

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {};
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void shutdown() {
        ModelRegistry.close();
      }
    };
  }
}

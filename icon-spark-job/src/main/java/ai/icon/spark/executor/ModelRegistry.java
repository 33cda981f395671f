package ai.icon.spark.executor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models of this JVM, one for each key, loaded once and shared by all tasks. Static state, as
 * the progress channel alone is beside it: Spark gives tasks no other place to keep what must
 * outlive them.
 */
public final class ModelRegistry {
  private static final Map<ModelKey, LoadedModel> MODELS = new ConcurrentHashMap<>();

  static {
    // A JVM that ends inside a native forward pass dies with a crash log: closing waits for it.
    Runtime.getRuntime().addShutdownHook(new Thread(ModelRegistry::closeAll, "icon-models"));
  }

  private ModelRegistry() {}

  /** The model of a key; opened by the first task that asks, the others wait for it. */
  public static LoadedModel model(ModelKey key) {
    return MODELS.computeIfAbsent(key, LoadedModel::new);
  }

  private static void closeAll() {
    MODELS.values().forEach(LoadedModel::close);
    MODELS.clear();
  }
}

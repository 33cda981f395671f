package ai.icon.spark.executor;

import ai.icon.error.ResourceError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models of this JVM: weights once for each device, tokenizers once for each way of writing
 * texts, shared by all tasks. Static state, as the progress channel alone is beside it: Spark gives
 * tasks no other place to keep what must outlive them. Thread-safe.
 */
public final class ModelRegistry {
  private static final ModelRegistry OF_THIS_JVM = new ModelRegistry();

  static {
    // A JVM that ends inside a native call dies with a crash log: closing waits for it.
    Runtime.getRuntime().addShutdownHook(new Thread(OF_THIS_JVM::end, "icon-models"));
  }

  private final Map<ModelKey, Opening> models = new ConcurrentHashMap<>();
  private final Map<String, ModelDevice> devices = new ConcurrentHashMap<>();
  private volatile boolean isEnded;

  ModelRegistry() {}

  /**
   * The model of a key; opened by the first task that asks, while others that want the same wait.
   * What failed is tried again by the next one.
   *
   * @throws ai.icon.error.UserError if the checkpoint cannot be used
   * @throws ResourceError if it cannot be fetched, or this process is ending
   */
  public static LoadedModel model(ModelKey key) {
    return OF_THIS_JVM.open(key);
  }

  /**
   * Frees all models: waits for the native calls that run and turns away the tasks that wait for
   * their turn. A task that asks later loads anew.
   */
  public static void close() {
    OF_THIS_JVM.closeAll();
  }

  LoadedModel open(ModelKey key) {
    // The map is not held meanwhile: a model that takes minutes to fetch stops no other.
    return models.computeIfAbsent(key, Opening::new).model();
  }

  ModelDevice device(DeviceAssignment assignment) {
    String name = assignment.device();
    ModelDevice device = devices.computeIfAbsent(name, any -> new ModelDevice(assignment));
    if (isEnded) { // after the look-up: what came in behind the end is refused as well
      throw new ResourceError(
          "Cannot use device " + name + ": this process is ending.",
          "The same command takes the run up behind its last finished shard.");
    }
    return device;
  }

  /** Seconds that loading weights took on a device of that name; 0 while they are not loaded. */
  double loadSeconds(String name, ModelDevice.Weights weights) {
    return Optional.ofNullable(devices.get(name))
        .map(device -> device.loadSeconds(weights))
        .orElse(0.0);
  }

  /** As {@link #close}, and for good. */
  void end() {
    isEnded = true;
    closeAll();
  }

  private void closeAll() {
    // Their tokenizers are let go and not closed: tasks encode without taking turns, and closing
    // would free native memory under one that does. Each frees its own once no task can reach it.
    models.clear();
    for (String name : List.copyOf(devices.keySet())) {
      Optional.ofNullable(devices.remove(name)).ifPresent(ModelDevice::close);
    }
  }

  /** One key's model, which is not there before it was opened without fault. */
  private final class Opening {
    private final ModelKey key;
    private LoadedModel model;

    Opening(ModelKey key) {
      this.key = key;
    }

    synchronized LoadedModel model() {
      if (model == null) {
        model = new LoadedModel(key, ModelRegistry.this);
      }
      return model;
    }
  }
}

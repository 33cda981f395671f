package ai.icon.spark.executor;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.djl.CallGate;
import ai.icon.djl.DeviceModel;
import ai.icon.djl.Precision;
import ai.icon.spark.progress.ProgressChannel;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A device of this JVM: the models that were loaded on it, and the one thread that computes there.
 * Tasks hand it their work and wait; it takes one after the other, in the order in which they came,
 * and all of the device's memory and cores are that work's meanwhile. Other devices have threads of
 * their own.
 *
 * <p>One thread and not one lock: libtorch gives every thread that calls it helpers of its own,
 * which go on spinning for some milliseconds after each call. With tasks that call in turns, those
 * of the task before would take the cores from the task that computes.
 */
final class ModelDevice {
  private final DeviceAssignment assignment;
  private final CallGate gate = new CallGate();
  private final ExecutorService thread;
  // Changed by the device's thread only.
  private final Map<Weights, Loaded> models = new ConcurrentHashMap<>();

  /**
   * @param assignment of the first task that asked for it
   */
  ModelDevice(DeviceAssignment assignment) {
    this.assignment = assignment;
    this.thread = Executors.newSingleThreadExecutor(this::thread);
  }

  private Thread thread(Runnable work) {
    Thread named = new Thread(work, "icon-" + assignment.device());
    named.setDaemon(true); // the registry's hook closes the device before the JVM ends
    return named;
  }

  /**
   * What is loaded once.
   *
   * @param fingerprint of the checkpoint
   * @param precision type of the weights in memory
   * @param threads threads of one forward pass on the CPU
   */
  record Weights(String fingerprint, Precision precision, int threads) {}

  private record Loaded(DeviceModel model, double seconds) {}

  /**
   * Works with a model on the device's thread while nobody else uses the device; loads it for the
   * first who asks. A failed load is tried again by the next. A task that is killed while it waits
   * leaves the queue; work that has begun is done to its end, and nobody hears of it.
   *
   * @param work must not keep the model, nor ask for the device again
   * @throws ai.icon.error.UserError if there is no such device
   * @throws ai.icon.error.ResourceError if the device was closed before or meanwhile
   */
  <T> T use(Weights weights, Checkpoint checkpoint, Function<DeviceModel, T> work) {
    gate.check();
    Future<T> turn = turn(() -> work.apply(loaded(weights, checkpoint).model()));
    try {
      return turn.get();
    } catch (InterruptedException e) {
      turn.cancel(false);
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "Cannot wait for device " + assignment.device() + ": interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException("Work on a device throws nothing checked", e);
    }
  }

  private <T> Future<T> turn(Callable<T> work) {
    try {
      return thread.submit(work);
    } catch (RejectedExecutionException e) {
      gate.check(); // closed since it was asked
      throw e;
    }
  }

  private Loaded loaded(Weights weights, Checkpoint checkpoint) {
    gate.check(); // those that waited while it was closed are turned away
    Loaded loaded = models.get(weights);
    if (loaded == null) {
      loaded = load(weights, checkpoint);
      models.put(weights, loaded);
    }
    return loaded;
  }

  private Loaded load(Weights weights, Checkpoint checkpoint) {
    long begun = System.nanoTime();
    String device = assignment.requireUsable().device();
    DeviceModel model =
        DeviceModel.load(checkpoint, weights.precision(), device, weights.threads(), gate);
    double seconds = (System.nanoTime() - begun) / 1e9;
    ProgressChannel.modelLoaded(seconds);
    return new Loaded(model, seconds);
  }

  /** Seconds that loading these weights took; 0 while they are not loaded. */
  double loadSeconds(Weights weights) {
    Loaded loaded = models.get(weights);
    return loaded == null ? 0 : loaded.seconds();
  }

  /**
   * Waits for the native call that runs, turns away those that wait, and frees the weights. It
   * cannot be used afterwards.
   */
  void close() {
    gate.shut();
    thread.execute(this::free);
    thread.shutdown();
    try {
      thread.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void free() {
    models.values().forEach(loaded -> loaded.model().close());
    models.clear();
  }
}

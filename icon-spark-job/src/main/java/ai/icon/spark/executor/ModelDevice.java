package ai.icon.spark.executor;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.djl.CallGate;
import ai.icon.djl.DjlDecoder;
import ai.icon.djl.Precision;
import ai.icon.spark.progress.ProgressChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A device of this JVM: the decoders that were loaded on it, and the queue of the tasks that want
 * to compute there. One computes at a time, in the order in which they came; all of the device's
 * memory and cores are its own meanwhile. Other devices have queues of their own.
 */
final class ModelDevice {
  private final DeviceAssignment assignment;
  private final CallGate gate = new CallGate();
  // Fair: tasks get the device in the order in which they asked for it.
  private final ReentrantLock queue = new ReentrantLock(true);
  // Changed by whoever has the queue only.
  private final Map<Weights, Loaded> decoders = new ConcurrentHashMap<>();

  /**
   * @param assignment of the first task that asked for it
   */
  ModelDevice(DeviceAssignment assignment) {
    this.assignment = assignment;
  }

  /**
   * What is loaded once.
   *
   * @param fingerprint of the checkpoint
   * @param precision type of the weights in memory
   * @param threads threads of one forward pass on the CPU
   */
  record Weights(String fingerprint, Precision precision, int threads) {}

  private record Loaded(DjlDecoder decoder, double seconds) {}

  /**
   * Works with a decoder while nobody else uses the device; loads it for the first who asks. A
   * failed load is tried again by the next.
   *
   * @param work must not keep the decoder
   * @throws ai.icon.error.UserError if there is no such device
   * @throws ai.icon.error.ResourceError if the device was closed before or meanwhile
   */
  <T> T use(Weights weights, Checkpoint checkpoint, Function<DjlDecoder, T> work) {
    gate.check();
    try {
      queue.lockInterruptibly(); // a killed task leaves the queue
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "Cannot wait for device " + assignment.device() + ": interrupted", e);
    }
    try {
      gate.check();
      Loaded loaded = decoders.get(weights);
      if (loaded == null) {
        loaded = load(weights, checkpoint);
        decoders.put(weights, loaded);
      }
      return work.apply(loaded.decoder());
    } finally {
      queue.unlock();
    }
  }

  private Loaded load(Weights weights, Checkpoint checkpoint) {
    long begun = System.nanoTime();
    String device = assignment.requireUsable().device();
    DjlDecoder decoder =
        DjlDecoder.load(checkpoint, weights.precision(), device, weights.threads(), gate);
    double seconds = (System.nanoTime() - begun) / 1e9;
    ProgressChannel.modelLoaded(seconds);
    return new Loaded(decoder, seconds);
  }

  /** Seconds that loading these weights took; 0 while they are not loaded. */
  double loadSeconds(Weights weights) {
    Loaded loaded = decoders.get(weights);
    return loaded == null ? 0 : loaded.seconds();
  }

  /**
   * Waits for the native call that runs, turns away those that wait, and frees the weights. It
   * cannot be used afterwards.
   */
  void close() {
    gate.shut();
    queue.lock();
    try {
      decoders.values().forEach(loaded -> loaded.decoder().close());
      decoders.clear();
    } finally {
      queue.unlock();
    }
  }
}

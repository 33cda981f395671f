package ai.icon.spark.progress;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * From a task to the driver, while the task still runs. Spark makes plugins by reflection and hands
 * them to nobody, so two static references are unavoidable: the plugin of this executor and the
 * listener of this driver. Without the plugin ({@code
 * spark.plugins=ai.icon.spark.progress.ProgressPlugin}) reports go nowhere and nothing fails.
 */
public final class ProgressChannel {
  private static final AtomicReference<Optional<ProgressExecutorPlugin>> EXECUTOR =
      new AtomicReference<>(Optional.empty());
  private static final AtomicReference<Optional<ProgressListener>> LISTENER =
      new AtomicReference<>(Optional.empty());

  private ProgressChannel() {}

  /**
   * Says inside a task that so much more is done. Cheap: at most two messages a second leave an
   * executor, the rest goes along with the next one or at the task's end. Thread-safe.
   */
  public static void report(long pairs, long tokens) {
    ProgressDelta delta = new ProgressDelta(pairs, tokens);
    EXECUTOR.get().ifPresent(plugin -> plugin.add(delta));
  }

  /**
   * Hears on the driver from now on; the listener before is forgotten.
   *
   * @return close it to hear no more
   */
  public static Listening listen(ProgressListener listener) {
    Optional<ProgressListener> registered = Optional.of(requireNonNull(listener, "listener"));
    LISTENER.set(registered);
    return () -> LISTENER.compareAndSet(registered, Optional.empty());
  }

  /** A listener's registration. */
  @FunctionalInterface
  public interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  static void opened(ProgressExecutorPlugin plugin) {
    EXECUTOR.set(Optional.of(plugin));
  }

  static void shut() {
    EXECUTOR.set(Optional.empty());
  }

  static void deliver(ProgressDelta delta) {
    LISTENER.get().ifPresent(listener -> listener.progressed(delta));
  }
}

package ai.icon.djl;

import ai.icon.error.ResourceError;

/**
 * Lets calls into native code until it is shut. Whoever frees a model shuts its gate first: work
 * that is under way ends at its next call, so that closing waits for one call and not for all of
 * them. Thread-safe.
 */
public final class CallGate {
  private volatile boolean isShut;

  /** From now on every call is refused. */
  public void shut() {
    isShut = true;
  }

  /**
   * Refuses once the gate is shut.
   *
   * @throws ResourceError with the words for a task that is turned away
   */
  public void check() {
    if (isShut) {
      throw new ResourceError(
          "Cannot use the model: it was closed, because this process is ending.",
          "The same command takes the run up behind its last finished shard.");
    }
  }
}

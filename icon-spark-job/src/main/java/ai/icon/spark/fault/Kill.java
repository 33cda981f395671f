package ai.icon.spark.fault;

import static java.util.Objects.requireNonNull;

/**
 * One kill and what it cost.
 *
 * @param what an executor with its id, or the driver
 * @param seconds after the driver was started
 * @param shardsDone that the run folder vouched for
 * @param cores of what was killed: so many shards could be in flight on it
 * @param repeated shards that were in flight on it and had to be done again
 */
public record Kill(String what, double seconds, int shardsDone, int cores, long repeated) {
  /** What {@link #what} says of a driver. */
  public static final String DRIVER = "driver";

  /** Checks that something was killed. */
  public Kill {
    requireNonNull(what, "what");
    if (cores < 1) {
      throw new IllegalArgumentException("Invalid kill: at least 1 core, got " + cores);
    }
  }

  /** Whether it was the driver, and with it all its executors. */
  public boolean isDriver() {
    return what.equals(DRIVER);
  }
}

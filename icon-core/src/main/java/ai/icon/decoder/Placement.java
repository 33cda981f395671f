package ai.icon.decoder;

/** Where a block's norms stand. A is attention, F the feed-forward, n a norm. */
public enum Placement {
  /** x += A(n(x)), then x += F(n(x)). */
  PRE,
  /** x += n(A(x)), then x += n(F(x)). */
  POST,
  /** x += n(A(n(x))), then x += n(F(n(x))). */
  SANDWICH,
  /** x += A(n(x)) + F(m(x)): both read the same x, each through a norm of its own. */
  PARALLEL,
  /** x += A(n(x)) + F(n(x)): both read the same x through one norm. */
  PARALLEL_ONE_NORM;

  /** Whether a norm stands in front of attention. */
  boolean isNormedBefore() {
    return this != POST;
  }

  /** Whether norms stand behind attention and feed-forward. */
  boolean isNormedBehind() {
    return this == POST || this == SANDWICH;
  }

  /** Whether attention and feed-forward read the same x. */
  boolean isParallel() {
    return this == PARALLEL || this == PARALLEL_ONE_NORM;
  }

  /** Whether the feed-forward has a norm of its own in front. */
  boolean hasFeedForwardNorm() {
    return this != POST && this != PARALLEL_ONE_NORM;
  }
}

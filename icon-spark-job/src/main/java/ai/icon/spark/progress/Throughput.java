package ai.icon.spark.progress;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What is done of a task since it began, and what that means for the rest. Not thread-safe. */
final class Throughput {
  private final long total;
  private final long begun;
  private long pairs;
  private long tokens;

  /**
   * @param total pairs to do
   * @param now nanoseconds
   */
  Throughput(long total, long now) {
    this.total = total;
    this.begun = now;
  }

  /** A shard that was retried reports twice: what is done never exceeds what there was. */
  void add(ProgressDelta delta) {
    pairs = Math.min(total, pairs + delta.pairs());
    tokens += delta.tokens();
  }

  long pairs() {
    return pairs;
  }

  /** Tokens per second since the beginning; 0 before time has passed. */
  long tokensPerSecond(long now) {
    double seconds = seconds(now);
    return seconds > 0 ? Math.round(tokens / seconds) : 0;
  }

  /** One line: done, of how many, how fast, how long still. */
  String line(String task, long now) {
    long percent = total == 0 ? 100 : 100 * pairs / total;
    return String.format(
        Locale.ROOT,
        "%s: %,d of %,d pairs (%d %%), %,d tokens/s, %s",
        task,
        pairs,
        total,
        percent,
        tokensPerSecond(now),
        pairs == total ? "took " + clock(seconds(now)) : remaining(now));
  }

  long total() {
    return total;
  }

  /** At the speed so far; NaN before the first pair. */
  double secondsLeft(long now) {
    return pairs == 0 ? Double.NaN : seconds(now) * (total - pairs) / pairs;
  }

  private String remaining(long now) {
    double left = secondsLeft(now);
    return Double.isNaN(left) ? "time left unknown" : clock(left) + " left";
  }

  private double seconds(long now) {
    return (now - begun) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private static String clock(double seconds) {
    long whole = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}

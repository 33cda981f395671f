package ai.icon.spark.run;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Says that a shard is done and its files are whole.
 *
 * @param shard index in the plan
 * @param files rows by file, paths relative to the run folder
 * @param rows over all files
 * @param pairs pairs that were scored, 0 where the stage scores none
 * @param tokens tokens that went through the model
 * @param seconds wall time of the attempt that committed
 */
public record ShardMarker(
    int shard, SortedMap<String, Long> files, long rows, long pairs, long tokens, double seconds) {
  /** Copies the map and checks that the rows add up. */
  public ShardMarker {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    long sum = files.values().stream().mapToLong(Long::longValue).sum();
    if (shard < 0 || sum != rows || pairs < 0 || tokens < 0 || !(seconds >= 0)) {
      throw new IllegalArgumentException(
          "Invalid marker of shard %d: %d rows in files, %d in all, %d pairs, %d tokens, %s s"
              .formatted(shard, sum, rows, pairs, tokens, seconds));
    }
  }
}

package ai.icon.spark.stage;

import ai.icon.spark.run.ShardPlan;
import ai.icon.spark.stage.Candidates.Planned;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import scala.Tuple2;

/**
 * Some shards of a plan as ranges of the pool's order, one Spark partition each. A shard is a
 * contiguous piece of that order, so that two keys tell which samples are its own.
 */
final class ShardRanges extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int[] shards;
  private final int[] sizes;
  private final OrderKey[] first;
  private final OrderKey[] last;

  private ShardRanges(int[] shards, int[] sizes, OrderKey[] first, OrderKey[] last) {
    this.shards = shards;
    this.sizes = sizes;
    this.first = first;
    this.last = last;
  }

  /**
   * The ranges of shards.
   *
   * @param shards rising
   * @param planned all candidates of the plan, in the pool's order
   */
  static ShardRanges of(List<ShardPlan.Shard> shards, List<Planned> planned) {
    return new ShardRanges(
        shards.stream().mapToInt(ShardPlan.Shard::index).toArray(),
        shards.stream().mapToInt(shard -> shard.to() - shard.from()).toArray(),
        shards.stream().map(shard -> planned.get(shard.from()).place()).toArray(OrderKey[]::new),
        shards.stream().map(shard -> planned.get(shard.to() - 1).place()).toArray(OrderKey[]::new));
  }

  /** Whether a key lies in one of the ranges. */
  boolean holds(OrderKey key) {
    int range = range(key);
    return range >= 0 && key.compareTo(last[range]) <= 0;
  }

  @Override
  public int numPartitions() {
    return shards.length;
  }

  @Override
  public int getPartition(Object key) {
    return range((OrderKey) key);
  }

  /** The last range that begins at or before a key, or -1. */
  private int range(OrderKey key) {
    int found = Arrays.binarySearch(first, key);
    return found >= 0 ? found : -found - 2;
  }

  /**
   * A partition as a shard's number and its candidates.
   *
   * @throws IllegalStateException if the pool gave others than were planned
   */
  Iterator<Tuple2<Integer, List<Candidate>>> shard(
      int range, Iterator<Tuple2<OrderKey, Candidate>> rows) {
    List<Candidate> candidates = new ArrayList<>(sizes[range]);
    rows.forEachRemaining(row -> candidates.add(row._2()));
    if (candidates.size() != sizes[range]) {
      throw new IllegalStateException(
          "Invalid shard "
              + shards[range]
              + ": "
              + sizes[range]
              + " candidates were planned, the pool gave "
              + candidates.size());
    }
    return List.of(new Tuple2<>(shards[range], candidates)).iterator();
  }
}

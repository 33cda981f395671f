package ai.icon.spark.stage;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.Partitioner;

/** Ranges of keys, cut at boundaries that come from the content and never from the cluster. */
final class KeyPartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;
  private static final BigInteger KEYS = BigInteger.ONE.shiftLeft(Long.SIZE);

  private final long[] boundaries;

  /**
   * @param boundaries first keys of all ranges but the first, rising, unsigned
   */
  KeyPartitioner(List<Long> boundaries) {
    this.boundaries = boundaries.stream().mapToLong(Long::longValue).toArray();
  }

  /** One range: everything into one file. */
  static KeyPartitioner single() {
    return new KeyPartitioner(List.of());
  }

  /** Ranges of equal width over all keys: about equal shares where keys are hashes. */
  static KeyPartitioner even(int ranges) {
    List<Long> boundaries = new ArrayList<>();
    for (int range = 1; range < ranges; range++) {
      boundaries.add(
          KEYS.multiply(BigInteger.valueOf(range)).divide(BigInteger.valueOf(ranges)).longValue());
    }
    return new KeyPartitioner(boundaries);
  }

  @Override
  public int numPartitions() {
    return boundaries.length + 1;
  }

  @Override
  public int getPartition(Object key) {
    long first = ((OrderKey) key).first();
    int low = 0;
    int high = boundaries.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(first, boundaries[middle]) < 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}

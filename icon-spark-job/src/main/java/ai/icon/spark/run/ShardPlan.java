package ai.icon.spark.run;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * Contiguous cuts of an ordered list of work into shards of about equal cost. A function of the
 * list and the wanted cost alone, never of the cluster, so that a run can go on elsewhere.
 *
 * @param itemsHash hash over ids and costs in order
 * @param items how many
 * @param shardTokens wanted cost of a shard, tokens
 * @param shards in order, each at least one item, all items in exactly one
 */
public record ShardPlan(String itemsHash, int items, long shardTokens, List<Shard> shards) {
  /** File names hold five digits. */
  private static final int MAX_SHARDS = 99_999;

  /** Copies the shards and checks that they follow each other from 0 to the last item. */
  public ShardPlan {
    requireNonNull(itemsHash, "itemsHash");
    shards = List.copyOf(shards);
    int next = 0;
    for (int i = 0; i < shards.size(); i++) {
      Shard shard = shards.get(i);
      if (shard.index() != i || shard.from() != next) {
        throw new IllegalArgumentException(
            "Invalid shard plan: shard %d must start at item %d, got %s".formatted(i, next, shard));
      }
      next = shard.to();
    }
    if (next != items) {
      throw new IllegalArgumentException(
          "Invalid shard plan: " + items + " items, but the shards end at " + next);
    }
  }

  /**
   * One piece of work that is never divided.
   *
   * @param id the candidate's id
   * @param tokens its cost, at least 1
   */
  public record WorkItem(String id, long tokens) {
    /** Checks that the cost is positive. */
    public WorkItem {
      requireNonNull(id, "id");
      if (tokens < 1) {
        throw new IllegalArgumentException(
            "Invalid work item " + id + ": must cost at least 1 token, got " + tokens);
      }
    }
  }

  /**
   * One shard.
   *
   * @param index from 0
   * @param from first item
   * @param to one past the last item
   * @param tokens cost of its items
   */
  public record Shard(int index, int from, int to, long tokens) {
    /** Checks that there is an item. */
    public Shard {
      if (index < 0 || from < 0 || to <= from) {
        throw new IllegalArgumentException(
            "Invalid shard: index %d, items [%d, %d)".formatted(index, from, to));
      }
    }
  }

  /**
   * Cuts the list into round(total / shardTokens) shards, at least one: an item goes to the shard
   * in which the middle of its cost falls. A shard's cost is off the mean by less than its largest
   * two items; an item that fills several shards leaves fewer of them.
   *
   * @param work in the order in which it is to be done; no items give no shards
   * @param shardTokens wanted cost of a shard, at least 1
   * @throws UserError if more than 99,999 shards would be needed
   */
  public static ShardPlan cut(List<WorkItem> work, long shardTokens) {
    long total = work.stream().mapToLong(WorkItem::tokens).reduce(0, Math::addExact);
    int count = count(total, shardTokens);
    List<Shard> shards = new ArrayList<>();
    long before = 0; // cost of all items before item i
    long slot = 0; // where item i - 1 went
    long tokens = 0; // cost of the open shard
    int from = 0;
    for (int i = 0; i < work.size(); i++) {
      long cost = work.get(i).tokens();
      long middle = Math.addExact(Math.multiplyExact(2, before), cost); // doubled
      long next = Math.multiplyExact(middle, count) / (2 * total);
      if (next != slot && i > from) {
        shards.add(new Shard(shards.size(), from, i, tokens));
        from = i;
        tokens = 0;
      }
      slot = next;
      tokens += cost;
      before += cost;
    }
    if (from < work.size()) {
      shards.add(new Shard(shards.size(), from, work.size(), tokens));
    }
    return new ShardPlan(hash(work), work.size(), shardTokens, shards);
  }

  /**
   * How many shards some work is cut into: round(total / shardTokens), at least one.
   *
   * @param total cost of all of it, tokens
   * @param shardTokens wanted cost of a shard, at least 1
   * @throws UserError if there were more than 99,999
   */
  public static int count(long total, long shardTokens) {
    if (shardTokens < 1) {
      throw new IllegalArgumentException(
          "Invalid shard tokens: must be at least 1, got " + shardTokens);
    }
    long count = Math.max(1, Math.addExact(total, shardTokens / 2) / shardTokens);
    if (count > MAX_SHARDS) {
      throw new UserError(
          "Invalid shard tokens: %d tokens in shards of %d make %d shards, more than %d"
              .formatted(total, shardTokens, count, MAX_SHARDS),
          "Set --shard-tokens to " + (total / MAX_SHARDS + 1) + " or more.");
    }
    return (int) count;
  }

  /** Whether this plan was cut from that very list with that wanted cost. */
  public boolean isOf(List<WorkItem> work, long wantedTokens) {
    return shardTokens == wantedTokens && itemsHash.equals(hash(work));
  }

  static Path file(Path root, ShardSet set) {
    return new Path(root, "_icon/plan/" + set.text() + ".json");
  }

  private static String hash(List<WorkItem> work) {
    Sha256 digest = new Sha256().add(work.size());
    work.forEach(item -> digest.add(item.id()).add(item.tokens()));
    return digest.hex();
  }
}

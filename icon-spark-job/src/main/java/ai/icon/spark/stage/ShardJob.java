package ai.icon.spark.stage;

import ai.icon.spark.executor.DeviceUse;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.executor.ModelRegistry;
import ai.icon.spark.run.ShardCommit;
import ai.icon.spark.run.ShardPlan;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/** Runs the shards of a plan that no run has committed yet, one Spark task each. */
final class ShardJob {
  private final StageContext context;
  private final String task;
  private final ShardPlan plan;
  private final ShardCommit commits;

  ShardJob(StageContext context, String task, ShardPlan plan, ShardCommit commits) {
    this.context = context;
    this.task = task;
    this.plan = plan;
    this.commits = commits;
  }

  /** The work of one shard, on an executor. */
  @FunctionalInterface
  interface Work<T> extends Serializable {
    void run(int shard, List<T> items) throws IOException;
  }

  /** Brings the items of some shards to the executors, one partition a shard. */
  @FunctionalInterface
  interface Items<T> {
    JavaRDD<Tuple2<Integer, List<T>>> of(List<ShardPlan.Shard> shards);
  }

  /**
   * Runs what is missing on items that the driver holds.
   *
   * @param items all items of the plan, in its order; only those of a shard travel to its task
   * @param pairsAnItem what an item counts in the progress
   * @return where each shard was done that this run did
   */
  <T> List<DeviceUse> run(List<T> items, long pairsAnItem, Work<T> work) throws IOException {
    return run(shards -> sent(items, shards), pairsAnItem, work);
  }

  private <T> JavaRDD<Tuple2<Integer, List<T>>> sent(List<T> items, List<ShardPlan.Shard> shards) {
    List<Tuple2<Integer, List<T>>> parts = new ArrayList<>();
    for (ShardPlan.Shard shard : shards) {
      parts.add(
          new Tuple2<>(shard.index(), new ArrayList<>(items.subList(shard.from(), shard.to()))));
    }
    return context.java().parallelize(parts, parts.size());
  }

  /**
   * Runs what is missing.
   *
   * @param items is asked once, and not at all where nothing is missing
   * @param pairsAnItem what an item counts in the progress
   * @return where each shard was done that this run did
   */
  <T> List<DeviceUse> run(Items<T> items, long pairsAnItem, Work<T> work) throws IOException {
    Set<Integer> done = commits.committed();
    List<ShardPlan.Shard> missing =
        plan.shards().stream().filter(shard -> !done.contains(shard.index())).toList();
    if (missing.isEmpty()) {
      return List.of();
    }
    long pairs =
        missing.stream().mapToLong(shard -> (shard.to() - shard.from()) * pairsAnItem).sum();
    JavaRDD<Tuple2<Integer, List<T>>> shards = items.of(missing);
    context.describe(
        "score: %s, %d of %d shards".formatted(task, missing.size(), plan.shards().size()));
    ModelKey model = context.model();
    return context.followed(
        task,
        pairs,
        () ->
            shards
                .map(
                    shard -> {
                      work.run(shard._1(), shard._2());
                      return ModelRegistry.model(model).use();
                    })
                .collect());
  }
}

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

  /**
   * Runs what is missing.
   *
   * @param items all items of the plan, in its order; only those of a shard travel to its task
   * @param pairsAnItem what an item counts in the progress
   * @return where each shard was done that this run did
   */
  <T> List<DeviceUse> run(List<T> items, long pairsAnItem, Work<T> work) throws IOException {
    Set<Integer> done = commits.committed();
    List<Tuple2<Integer, List<T>>> missing = new ArrayList<>();
    long pairs = 0;
    for (ShardPlan.Shard shard : plan.shards()) {
      if (!done.contains(shard.index())) {
        missing.add(
            new Tuple2<>(shard.index(), new ArrayList<>(items.subList(shard.from(), shard.to()))));
        pairs += (shard.to() - shard.from()) * pairsAnItem;
      }
    }
    if (missing.isEmpty()) {
      return List.of();
    }
    context.describe(
        "score: %s, %d of %d shards".formatted(task, missing.size(), plan.shards().size()));
    ModelKey model = context.model();
    return context.followed(
        task,
        pairs,
        () ->
            context
                .java()
                .parallelize(missing, missing.size())
                .map(
                    shard -> {
                      work.run(shard._1(), shard._2());
                      return ModelRegistry.model(model).use();
                    })
                .collect());
  }
}

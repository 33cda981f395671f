package ai.icon.spark.run;

import ai.icon.error.UserError;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The plans that a run folder keeps, so that it can be gone on with elsewhere. */
final class ShardPlans {
  private final Path root;
  private final Configuration hadoop;

  ShardPlans(Path root, Configuration hadoop) {
    this.root = root;
    this.hadoop = hadoop;
  }

  Optional<ShardPlan> stored(ShardSet set) throws IOException {
    // A half-written plan is cut again: it follows from the stage's inputs alone.
    return JsonFile.readIfWhole(hadoop, ShardPlan.file(root, set), ShardPlan.class);
  }

  ShardPlan plan(ShardSet set, List<ShardPlan.WorkItem> work, long shardTokens) throws IOException {
    Optional<ShardPlan> stored = stored(set);
    if (stored.isEmpty()) {
      ShardPlan cut = ShardPlan.cut(work, shardTokens);
      JsonFile.write(hadoop, ShardPlan.file(root, set), cut);
      return cut;
    }
    if (!stored.get().isOf(work, shardTokens)) {
      throw new UserError(
          ("Cannot go on with stage %s in %s: its plan holds %d items in shards of %d tokens,"
                  + " now %d items in shards of %d tokens, or other ones")
              .formatted(
                  set.stage().text(),
                  root,
                  stored.get().items(),
                  stored.get().shardTokens(),
                  work.size(),
                  shardTokens),
          "Start it over with --redo "
              + set.stage().text()
              + ", or choose another folder with --out");
    }
    return stored.get();
  }
}

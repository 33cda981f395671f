package ai.icon.spark.stage;

import ai.icon.contribution.Contribution;
import ai.icon.contribution.GroupWeights;
import ai.icon.contribution.PairLoss;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.ParquetTableWriter;
import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.TableFile;
import ai.icon.spark.rows.TableFooter;
import ai.icon.spark.run.HadoopSettings;
import ai.icon.spark.run.ShardCommit;
import ai.icon.spark.run.ShardSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.spark.sql.Row;

/**
 * The contributions of finished shards under other weights, from the pairs that lie there: each
 * shard's file is replaced by the one that the shard would have written under these weights. Done
 * twice it gives the same, so that it may be killed and begun again.
 */
final class WeighedPairs {
  private final StageContext context;

  WeighedPairs(StageContext context) {
    this.context = context;
  }

  void weigh(GroupWeights weights) throws IOException {
    List<Integer> shards = new ArrayList<>(context.folder().commits(ShardSet.PAIRS).committed());
    if (shards.isEmpty()) {
      return;
    }
    String root = context.folder().root().toString();
    HadoopSettings hadoop = context.hadoop();
    TableFooter footer = context.footer();
    context.describe("score: weighing anew, %d shards".formatted(shards.size()));
    context
        .java()
        .parallelize(shards, shards.size())
        .foreach(shard -> weigh(new Path(root), shard, weights, hadoop.configuration(), footer));
  }

  private static void weigh(
      Path root, int shard, GroupWeights weights, Configuration hadoop, TableFooter footer)
      throws IOException {
    Map<String, List<PairLoss>> pairs = new HashMap<>();
    Path scored = ShardCommit.dataFile(root, Table.PAIRS, shard);
    for (Group row : TableFile.read(hadoop, scored)) {
      PairLoss pair = pair(row);
      pairs.computeIfAbsent(pair.sampleId(), id -> new ArrayList<>()).add(pair);
    }
    Path target = ShardCommit.dataFile(root, Table.CONTRIBUTIONS, shard);
    List<Row> rows = new ArrayList<>();
    for (Group row : TableFile.read(hadoop, target)) {
      List<PairLoss> own = pairs.get(row.getString(Columns.SAMPLE_ID, 0));
      int tokens = row.getInteger(Columns.DEMONSTRATION_TOKENS, 0);
      rows.add(
          PairScoring.row(
              Contribution.of(own, weights, tokens), row.getBoolean(Columns.DEMONSTRATION_CUT, 0)));
    }
    new ParquetTableWriter(hadoop, footer)
        .write(target, Table.CONTRIBUTIONS, Table.CONTRIBUTIONS.schema(), rows.iterator());
  }

  private static PairLoss pair(Group row) {
    return new PairLoss(
        row.getString(Columns.SAMPLE_ID, 0),
        row.getString(Columns.ASSESSED_ID, 0),
        row.getString(Columns.GROUP, 0),
        row.getDouble(Columns.BASELINE_NLL, 0),
        row.getDouble(Columns.CONDITIONED_NLL, 0),
        row.getDouble(Columns.CONTROL_NLL, 0),
        row.getDouble(Columns.CONTRIBUTION, 0));
  }
}

package ai.icon.spark.stage;

import ai.icon.selector.NgramFeatures;
import ai.icon.selector.Selector;
import ai.icon.selector.SelectorKind;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.progress.ProgressChannel;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.TableFooter;
import ai.icon.spark.run.ShardAttempt;
import ai.icon.spark.run.ShardCommit;
import ai.icon.spark.run.ShardPlan;
import ai.icon.spark.run.ShardSet;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/**
 * What the selector says of every sample of the pool, shard by shard. A shard is a range of the
 * pool's own order, so that the same samples meet the model together on every cluster.
 */
final class Predictions {
  private final StageContext context;

  Predictions(StageContext context) {
    this.context = context;
  }

  /** Predicts what no run has predicted yet. */
  void complete(Selector selector) throws IOException {
    Dataset<Row> pool = context.read(Table.POOL);
    Row sums = pool.agg(functions.count("*"), functions.sum(Columns.TOKENS)).collectAsList().get(0);
    int shards = shards(sums.getLong(1));
    ShardCommit commits = context.folder().commits(ShardSet.PREDICTIONS);
    Set<Integer> done = commits.committed();
    if (done.size() == shards) {
      return;
    }
    JavaPairRDD<OrderKey, Row> ordered =
        pool.select(
                Columns.SAMPLE_ID, Columns.PROMPT, Columns.RESPONSE, Columns.ENDING, Columns.TOKENS)
            .javaRDD()
            .mapToPair(
                row ->
                    new Tuple2<>(
                        OrderKey.ofSample(Inputs.poolOrder(), row.<String>getAs(Columns.SAMPLE_ID)),
                        row))
            .repartitionAndSortWithinPartitions(KeyPartitioner.even(shards));
    Broadcast<Selector> shared = context.java().broadcast(selector);
    ShardTask task =
        new ShardTask(
            shared,
            context.model(),
            context.config().score().batchTokens(),
            commits,
            context.footer(),
            new TreeSet<>(done));
    context.followed(
        "predicting",
        sums.getLong(0) * (shards - done.size()) / shards,
        () -> ordered.mapPartitionsWithIndex(task::run, true).count());
  }

  private int shards(long tokens) {
    return ShardPlan.count(tokens, context.config().score().shardTokens());
  }

  /** One shard, on an executor. */
  private record ShardTask(
      Broadcast<Selector> selector,
      ModelKey model,
      int batchTokens,
      ShardCommit commits,
      TableFooter footer,
      Set<Integer> done)
      implements Serializable {

    Iterator<Integer> run(int shard, Iterator<Tuple2<OrderKey, Row>> rows) {
      if (done.contains(shard)) {
        return Collections.emptyIterator();
      }
      long begun = System.nanoTime();
      List<Row> samples = new ArrayList<>();
      rows.forEachRemaining(row -> samples.add(row._2()));
      List<Row> predictions =
          selector.value().kind() == SelectorKind.PROBE ? probed(samples) : read(samples);
      long tokens = samples.stream().mapToLong(Embeddings::tokens).sum();
      try (ShardAttempt attempt =
          commits.attempt(shard, TaskContext.get().taskAttemptId(), footer)) {
        attempt.write(Table.PREDICTIONS, predictions.iterator());
        attempt.commit(samples.size(), tokens, (System.nanoTime() - begun) / 1e9);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot write shard " + shard + ": " + e.getMessage(), e);
      }
      return List.of(shard).iterator();
    }

    private List<Row> probed(List<Row> samples) {
      List<Embeddings.Text> texts = samples.stream().map(Embeddings.Text::of).toList();
      Iterator<float[]> vectors = Embeddings.embed(model, texts, batchTokens);
      return samples.stream()
          .map(sample -> prediction(sample, selector.value().predicted(vectors.next())))
          .toList();
    }

    private List<Row> read(List<Row> samples) {
      List<Row> predictions = new ArrayList<>();
      for (Row sample : samples) {
        double[] features =
            NgramFeatures.of(
                sample.getAs(Columns.PROMPT),
                sample.getAs(Columns.RESPONSE),
                Embeddings.tokens(sample));
        predictions.add(prediction(sample, selector.value().predicted(features)));
      }
      ProgressChannel.report(samples.size(), 0);
      return predictions;
    }

    private static Row prediction(Row sample, double predicted) {
      return RowFactory.create(
          sample.getAs(Columns.SAMPLE_ID), predicted, sample.getAs(Columns.TOKENS));
    }
  }
}

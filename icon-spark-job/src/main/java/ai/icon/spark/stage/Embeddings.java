package ai.icon.spark.stage;

import ai.icon.prompt.Demonstration;
import ai.icon.spark.executor.LoadedModel;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.executor.ModelRegistry;
import ai.icon.spark.progress.ProgressChannel;
import ai.icon.spark.rows.Columns;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/**
 * Embeds samples as demonstrations, by one forward pass each, in batches of like length. Which
 * samples share a batch depends on the list that is given and on nothing else.
 */
final class Embeddings {
  private final StageContext context;

  Embeddings(StageContext context) {
    this.context = context;
  }

  /**
   * Embeds samples of the pool on the executors.
   *
   * @param samples rows of the pool in a defined order
   * @return one vector a row, in their order
   */
  List<float[]> of(List<Row> samples) {
    int slice = 64;
    List<List<Text>> slices = new ArrayList<>();
    for (int from = 0; from < samples.size(); from += slice) {
      slices.add(
          samples.subList(from, Math.min(samples.size(), from + slice)).stream()
              .map(Text::of)
              .toList());
    }
    ModelKey key = context.model();
    int budget = context.config().score().batchTokens();
    return context
        .java()
        .parallelize(slices, Math.max(1, slices.size()))
        .flatMap(texts -> embed(key, texts, budget))
        .collect();
  }

  /** Embeds texts in the JVM that this is called in. */
  static Iterator<float[]> embed(ModelKey key, List<Text> texts, int tokenBudget) {
    LoadedModel model = ModelRegistry.model(key);
    List<int[]> sequences = texts.stream().map(text -> text.ids(model)).toList();
    List<Integer> order =
        IntStream.range(0, sequences.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -sequences.get(i).length))
            .toList();
    float[][] vectors = new float[sequences.size()][];
    int start = 0;
    while (start < order.size()) {
      int width = sequences.get(order.get(start)).length;
      int end = Math.min(order.size(), start + Math.max(1, tokenBudget / width));
      List<Integer> batch = order.subList(start, end);
      List<float[]> some =
          model.embed(embedder -> embedder.embed(batch.stream().map(sequences::get).toList()));
      for (int i = 0; i < batch.size(); i++) {
        vectors[batch.get(i)] = some.get(i);
      }
      ProgressChannel.report(
          batch.size(), batch.stream().mapToLong(i -> sequences.get(i).length).sum());
      start = end;
    }
    return Arrays.asList(vectors).iterator();
  }

  /**
   * A demonstration's text.
   *
   * @param text as it stands in a prompt
   */
  record Text(String text) implements Serializable {
    static Text of(Row row) {
      return new Text(SampleRows.demonstration(row));
    }

    /** BOS where there is one, and the demonstration; never empty. */
    int[] ids(LoadedModel model) {
      Demonstration demonstration = model.sequences().demonstration(text);
      return IntStream.concat(model.tokenizer().bos().stream(), IntStream.of(demonstration.ids()))
          .toArray();
    }
  }

  static int tokens(Row row) {
    return row.<Integer>getAs(Columns.TOKENS);
  }
}

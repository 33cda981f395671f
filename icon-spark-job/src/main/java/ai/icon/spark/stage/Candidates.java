package ai.icon.spark.stage;

import ai.icon.sample.SeededHash;
import ai.icon.spark.config.ScoreConfig;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Which samples are scored: those of the lowest seeded hash, so that neither order nor cluster. */
final class Candidates {
  private Candidates() {}

  /**
   * Draws the candidates.
   *
   * @param maxTokens the longest demonstration that fits in front of every assessed example
   * @return in the order of the pool
   */
  static List<Candidate> draw(StageContext context, int maxTokens) {
    int wanted = context.config().score().candidates();
    var rows =
        context
            .read(Table.POOL)
            .select(
                functions.col(Columns.SAMPLE_ID),
                functions.col(Columns.PROMPT),
                functions.col(Columns.RESPONSE),
                functions.col(Columns.ENDING),
                functions.col(Columns.TOKENS),
                functions.col(Columns.CUT))
            .javaRDD();
    List<Row> drawn =
        wanted == ScoreConfig.ALL
            ? rows.collect()
            : rows.takeOrdered(wanted, new ByHash(context.config().seed()));
    return drawn.stream()
        .map(row -> candidate(row, maxTokens))
        .sorted(Comparator.comparing(one -> OrderKey.ofSample(Inputs.poolOrder(), one.id())))
        .toList();
  }

  private static Candidate candidate(Row row, int maxTokens) {
    int tokens = row.<Integer>getAs(Columns.TOKENS);
    return new Candidate(
        row.getAs(Columns.SAMPLE_ID),
        SampleRows.demonstration(row),
        Math.min(tokens, maxTokens),
        tokens > maxTokens || row.<Boolean>getAs(Columns.CUT));
  }

  private static final class ByHash implements Comparator<Row>, Serializable {
    private static final long serialVersionUID = 1L;

    private final SeededHash hash;

    ByHash(long seed) {
      this.hash = new SeededHash(seed, "candidates");
    }

    @Override
    public int compare(Row one, Row other) {
      return OrderKey.ofSample(hash, one.getAs(Columns.SAMPLE_ID))
          .compareTo(OrderKey.ofSample(hash, other.getAs(Columns.SAMPLE_ID)));
    }
  }
}

package ai.icon.spark.stage;

import ai.icon.selection.Budget;
import ai.icon.selection.RankBy;
import ai.icon.selector.NgramFeatures;
import ai.icon.selector.SelectorKind;
import ai.icon.selector.SelectorReport;
import ai.icon.selector.SelectorTrainer;
import ai.icon.selector.TrainedSelector;
import ai.icon.selector.TrainingExample;
import ai.icon.selector.TrainingOptions;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.StageName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Trains the selector on the scored candidates and says how far it can be trusted. */
final class TrainStage implements Stage {
  @Override
  public StageName name() {
    return StageName.TRAIN;
  }

  @Override
  public SortedMap<String, String> inputs(StageContext context) {
    SortedMap<String, String> inputs = new TreeMap<>(Inputs.forward(context));
    inputs.put("selector.kind", context.config().selector().kind().text());
    inputs.put("selector.holdOut", Double.toString(context.config().selector().holdOut()));
    inputs.put("rank.by", context.config().rank().by().setting());
    inputs.put("seed", Long.toString(context.config().seed()));
    return inputs;
  }

  @Override
  public StageOutcome run(StageContext context) throws IOException {
    SelectorFolder folder = new SelectorFolder(context);
    folder.clear();
    if (!isNeeded(context)) {
      return new StageOutcome(0, Map.of(), Map.of("selector", "not trained: none is needed"));
    }
    SelectorKind kind = context.config().selector().kind().trained().orElseThrow();
    Dataset<Row> joined =
        context.read(Table.CONTRIBUTIONS).join(samples(context), Columns.SAMPLE_ID);
    List<Row> rows =
        joined.collectAsList().stream()
            .sorted(Comparator.comparing(row -> row.<String>getAs(Columns.SAMPLE_ID)))
            .toList();
    List<TrainingExample> examples =
        kind == SelectorKind.PROBE ? probed(context, rows) : read(rows);
    TrainedSelector trained =
        SelectorTrainer.train(
            examples,
            new TrainingOptions(
                context.config().seed(),
                kind,
                context.config().selector().holdOut(),
                labelShare(context)));
    folder.save(trained);
    SelectorReport report = trained.report();
    long tokens =
        kind == SelectorKind.PROBE ? rows.stream().mapToLong(Embeddings::tokens).sum() : 0;
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("selector", report.toMap());
    figures.put("selectorJudgedAtShare", labelShare(context));
    return new StageOutcome(tokens, Map.of(), figures);
  }

  /** No prediction is asked for, or every sample of the pool has been measured. */
  static boolean isNeeded(StageContext context) throws IOException {
    if (context.config().selector().kind().trained().isEmpty()) {
      return false;
    }
    long scored = context.count(StageName.SCORE, "scored");
    long pool = context.count(StageName.ASSESS, "pool");
    return scored < pool || context.config().rank().by() == RankBy.PREDICTED;
  }

  private static Dataset<Row> samples(StageContext context) {
    return context
        .read(Table.POOL)
        .select(
            Columns.SAMPLE_ID, Columns.PROMPT, Columns.RESPONSE, Columns.ENDING, Columns.TOKENS);
  }

  /** What counts as good in the report: the share of the pool that the budget takes. */
  private static double labelShare(StageContext context) throws IOException {
    Budget budget = context.config().selection().budget();
    if (budget instanceof Budget.Tokens tokens) {
      double poolTokens = context.count(StageName.ASSESS, AssessStage.POOL_TOKENS);
      return Math.min(1, tokens.tokens() / poolTokens);
    }
    long pool = context.count(StageName.ASSESS, "pool");
    if (budget instanceof Budget.ByGroup byGroup) {
      return new PoolGroups(context)
          .held(byGroup).values().stream().mapToDouble(one -> one.shareOf(pool)).sum();
    }
    return (double) ((Budget.OfSamples) budget).samples(pool) / pool;
  }

  private static List<TrainingExample> probed(StageContext context, List<Row> rows) {
    List<float[]> vectors =
        context.followed(
            "embedding candidates", rows.size(), () -> new Embeddings(context).of(rows));
    List<TrainingExample> examples = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      examples.add(
          TrainingExample.of(
              row.getAs(Columns.SAMPLE_ID),
              vectors.get(i),
              row.<Double>getAs(Columns.CONTRIBUTION),
              row.<Double>getAs(Columns.STANDARD_ERROR),
              Embeddings.tokens(row)));
    }
    return examples;
  }

  private static List<TrainingExample> read(List<Row> rows) {
    return rows.stream()
        .map(
            row ->
                new TrainingExample(
                    row.getAs(Columns.SAMPLE_ID),
                    NgramFeatures.of(
                        row.getAs(Columns.PROMPT),
                        row.getAs(Columns.RESPONSE),
                        Embeddings.tokens(row)),
                    row.<Double>getAs(Columns.CONTRIBUTION),
                    row.<Double>getAs(Columns.STANDARD_ERROR),
                    Embeddings.tokens(row)))
        .toList();
  }
}

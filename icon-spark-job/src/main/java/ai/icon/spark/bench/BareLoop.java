package ai.icon.spark.bench;

import ai.icon.assessment.AssessmentSet;
import ai.icon.contribution.Contribution;
import ai.icon.contribution.ContributionScorer;
import ai.icon.contribution.GroupWeights;
import ai.icon.contribution.PairMeasurement;
import ai.icon.loss.LossModel;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.executor.LoadedModel;
import ai.icon.spark.rows.Columns;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** The method's loop and nothing else: texts in, contributions out, one candidate at a time. */
record BareLoop(LoadedModel model, AssessmentSet set, RunConfig config) {
  /**
   * What {@link #timed} found.
   *
   * @param contributions by sample id
   * @param seconds that the candidates took
   * @param takenSeconds that the device was taken
   */
  record Timed(Map<String, Double> contributions, double seconds, double takenSeconds) {}

  /** Mean seconds that a candidate takes. */
  double secondsEach(List<Row> candidates) {
    return timed(candidates).seconds() / candidates.size();
  }

  /**
   * Times candidates while nobody else uses the device. The first one is done once before the clock
   * starts, so that whoever had the device is at rest.
   */
  Timed timed(List<Row> candidates) {
    return model.score(
        lossModel -> {
          long taken = System.nanoTime();
          Function<Row, Double> loop = loop(lossModel);
          Map<String, Double> contributions = contributions(loop, candidates.subList(0, 1));
          long begun = System.nanoTime();
          contributions.putAll(contributions(loop, candidates));
          long end = System.nanoTime();
          return new Timed(contributions, (end - begun) / 1e9, (end - taken) / 1e9);
        });
  }

  private static Map<String, Double> contributions(
      Function<Row, Double> loop, List<Row> candidates) {
    Map<String, Double> contributions = new LinkedHashMap<>();
    candidates.forEach(row -> contributions.put(row.getAs(Columns.SAMPLE_ID), loop.apply(row)));
    return contributions;
  }

  private Function<Row, Double> loop(LossModel lossModel) {
    ContributionScorer scorer =
        new ContributionScorer(lossModel, set, config.score().batchTokens());
    PairMeasurement measurement =
        PairMeasurement.withoutControl(
            set, config.score().measure(), scorer.losses(model.sequences().emptyPrefix()));
    GroupWeights weights = GroupWeights.of(config.score().groupWeights(), set.groups());
    return row -> {
      String text =
          row.<String>getAs(Columns.PROMPT)
              + row.<String>getAs(Columns.RESPONSE)
              + row.<String>getAs(Columns.ENDING);
      int[] ids = model.sequences().demonstration(text).ids();
      double[] losses = scorer.losses(model.sequences().prefix(ids));
      String id = row.getAs(Columns.SAMPLE_ID);
      return Contribution.of(measurement.pairs(id, ids.length, losses), weights, ids.length)
          .contribution();
    };
  }
}

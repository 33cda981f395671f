package ai.icon.spark.stage;

import ai.icon.assessment.AssessedExample;
import ai.icon.contribution.Contribution;
import ai.icon.contribution.GroupWeights;
import ai.icon.contribution.OfficialRecipe;
import ai.icon.contribution.PairLoss;
import ai.icon.contribution.PairMeasurement;
import ai.icon.spark.progress.ProgressChannel;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.ShardAttempt;
import ai.icon.spark.run.ShardCommit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** One shard of candidates in front of every assessed example, on an executor. */
final class PairScoring {
  private PairScoring() {}

  static void score(
      Scoring scoring,
      ReferenceLosses references,
      ShardCommit commits,
      int shard,
      List<Candidate> candidates)
      throws IOException {
    long begun = System.nanoTime();
    GroupWeights weights =
        GroupWeights.of(scoring.config().groupWeights(), scoring.assessment().groups());
    List<Row> pairs = new ArrayList<>();
    List<Row> contributions = new ArrayList<>();
    long tokens = 0;
    for (Candidate candidate : candidates) {
      List<PairLoss> measured =
          scoring.isOfficial()
              ? official(scoring, references, candidate)
              : exact(scoring, references, candidate);
      measured.forEach(pair -> pairs.add(row(pair)));
      contributions.add(
          row(Contribution.of(measured, weights, candidate.tokens()), candidate.cut()));
      tokens += candidate.tokens() + scoring.assessedTokens();
    }
    try (ShardAttempt attempt = scoring.attempt(commits, shard)) {
      attempt.write(Table.PAIRS, pairs.iterator());
      attempt.write(Table.CONTRIBUTIONS, contributions.iterator());
      attempt.commit(pairs.size(), tokens, (System.nanoTime() - begun) / 1e9);
    }
  }

  private static List<PairLoss> exact(
      Scoring scoring, ReferenceLosses references, Candidate candidate) {
    int[] ids = scoring.demonstration(candidate);
    double[] conditioned = scoring.losses(scoring.loaded().sequences().prefix(ids));
    PairMeasurement measurement =
        references.measurement(scoring.assessment(), scoring.config().measure());
    return measurement.pairs(candidate.id(), ids.length, conditioned);
  }

  private static List<PairLoss> official(
      Scoring scoring, ReferenceLosses references, Candidate candidate) {
    List<PairLoss> pairs = new ArrayList<>();
    List<AssessedExample> examples = scoring.assessment().examples();
    for (int i = 0; i < examples.size(); i++) {
      AssessedExample example = examples.get(i);
      double baseline = references.baseline(i);
      pairs.add(
          scoring
              .loaded()
              .score(
                  model -> {
                    OfficialRecipe recipe = scoring.official(model);
                    return recipe.pair(
                        candidate.id(), candidate.demonstration(), example, baseline);
                  }));
      ProgressChannel.report(1, 2L * (candidate.tokens() + example.tokens()));
    }
    return pairs;
  }

  private static Row row(PairLoss pair) {
    return RowFactory.create(
        pair.sampleId(),
        pair.assessedId(),
        pair.group(),
        pair.baselineNll(),
        pair.conditionedNll(),
        pair.controlNll(),
        pair.contribution());
  }

  /** A row of contributions. */
  static Row row(Contribution one, boolean cut) {
    // A tree, not whatever map: the order of a map's entries reaches the file.
    SortedMap<String, Double> groups = new TreeMap<>(one.groupContribution());
    return RowFactory.create(
        one.sampleId(),
        one.contribution(),
        one.standardError(),
        one.finitePairs(),
        one.consistency(),
        one.stability(),
        one.coverage(),
        one.significance(),
        one.demonstrationTokens(),
        groups,
        one.goldenScore(),
        one.lossRatio(),
        cut);
  }
}

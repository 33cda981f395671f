package ai.icon.spark.stage;

import ai.icon.assessment.AssessmentSet;
import ai.icon.contribution.ContributionScorer;
import ai.icon.contribution.GroupWeights;
import ai.icon.spark.config.ScoreConfig;
import ai.icon.spark.executor.DeviceUse;
import ai.icon.spark.executor.LoadedModel;
import ai.icon.spark.executor.ModelRegistry;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.ShardCommit;
import ai.icon.spark.run.ShardMarker;
import ai.icon.spark.run.ShardPlan;
import ai.icon.spark.run.ShardSet;
import ai.icon.spark.run.StageInputs;
import ai.icon.spark.run.StageName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Draws candidates and scores each in front of every assessed example, shard by shard. */
final class ScoreStage implements Stage {
  @Override
  public StageName name() {
    return StageName.SCORE;
  }

  @Override
  public SortedMap<String, String> inputs(StageContext context) {
    ScoreConfig score = context.config().score();
    SortedMap<String, String> inputs = new TreeMap<>(Inputs.forward(context));
    inputs.put("score.measure", score.measure().setting());
    inputs.put("score.compat", score.compat().text());
    inputs.put("score.candidates", Integer.toString(score.candidates()));
    inputs.put("score.shardTokens", Long.toString(score.shardTokens()));
    inputs.put(StageInputs.GROUP_WEIGHTS, score.groupWeights().toString());
    inputs.put("seed", Long.toString(context.config().seed()));
    return inputs;
  }

  @Override
  public StageOutcome run(StageContext context) throws IOException {
    long begun = System.nanoTime();
    long tokensBefore = tokens(context);
    AssessmentSet assessment = AssessStage.load(context);
    // Unknown groups are found out now and not by the first task.
    GroupWeights weights =
        GroupWeights.of(context.config().score().groupWeights(), assessment.groups());
    weighAnew(context, weights);
    Scoring scoring = scoring(context, assessment);
    Candidates candidates = Candidates.draw(context, scoring.maxDemonstration());
    Broadcast<Scoring> shared = context.java().broadcast(scoring);
    List<DeviceUse> devices = new ArrayList<>();
    ReferenceLosses references =
        new ControlScoring(context, shared).score(lengths(candidates), devices);
    Broadcast<ReferenceLosses> losses = context.java().broadcast(references);
    ShardPlan plan = plan(context, candidates, scoring.assessedTokens());
    ShardCommit commits = context.folder().commits(ShardSet.PAIRS);
    devices.addAll(
        new ShardJob(context, "scoring", plan, commits)
            .run(
                candidates::texts,
                assessment.size(),
                (int shard, List<Candidate> items) ->
                    PairScoring.score(shared.value(), losses.value(), commits, shard, items)));
    double seconds = (System.nanoTime() - begun) / 1e9;
    double tokensPerSecond = (tokens(context) - tokensBefore) / seconds; // of this attempt alone
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("scoringTokensPerSecond", tokensPerSecond);
    figures.put("scoringDevices", DeviceUse.summed(devices));
    return outcome(context, candidates.planned().size(), assessment, figures);
  }

  /** What finished shards hold of other weights, before shards are added that are of these. */
  private static void weighAnew(StageContext context, GroupWeights weights) throws IOException {
    if (context.folder().isToReweigh()) {
      new WeighedPairs(context).weigh(weights);
      context.folder().reweighed();
    }
  }

  private static List<Integer> lengths(Candidates candidates) {
    return candidates.planned().stream().map(Candidates.Planned::tokens).distinct().toList();
  }

  private static Scoring scoring(StageContext context, AssessmentSet assessment) {
    LoadedModel model = ModelRegistry.model(context.model());
    int fixed = model.sequences().prefix(new int[0]).length; // BOS and separator
    int longest =
        ContributionScorer.maxDemonstrationTokens(
            model.contextLength(),
            assessment,
            fixed,
            context.config().prompt().demonstrationTokens());
    return new Scoring(
        context.model(),
        assessment,
        context.config().score(),
        longest,
        context.config().seed(),
        context.footer());
  }

  private static ShardPlan plan(StageContext context, Candidates candidates, long assessed)
      throws IOException {
    List<ShardPlan.WorkItem> work =
        candidates.planned().stream()
            .map(one -> new ShardPlan.WorkItem(one.id(), one.tokens() + assessed))
            .toList();
    return context.folder().plan(ShardSet.PAIRS, work, context.config().score().shardTokens());
  }

  private static StageOutcome outcome(
      StageContext context,
      long candidates,
      AssessmentSet assessment,
      Map<String, Object> ofThisAttempt)
      throws IOException {
    Dataset<Row> contributions = context.read(Table.CONTRIBUTIONS);
    Row sums =
        contributions
            .agg(
                functions.count("*"),
                functions.sum(Columns.FINITE_PAIRS),
                functions.count(functions.when(functions.col(Columns.DEMONSTRATION_CUT), true)))
            .collectAsList()
            .get(0);
    long scored = sums.getLong(0);
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("candidates", candidates);
    counts.put("scored", scored);
    counts.put("pairs", context.read(Table.PAIRS).count());
    counts.put("nonFinite", scored * assessment.size() - sums.getLong(1));
    long pairTokens = tokens(context, ShardSet.PAIRS);
    long controlTokens = tokens(context, ShardSet.CONTROL);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("demonstrationCuts", sums.getLong(2));
    figures.put("pairTokens", pairTokens);
    figures.put("controlTokens", controlTokens);
    figures.putAll(ofThisAttempt);
    return new StageOutcome(pairTokens + controlTokens, counts, figures);
  }

  private static long tokens(StageContext context) throws IOException {
    return tokens(context, ShardSet.CONTROL) + tokens(context, ShardSet.PAIRS);
  }

  private static long tokens(StageContext context, ShardSet set) throws IOException {
    return context.folder().commits(set).committedMarkers().values().stream()
        .mapToLong(ShardMarker::tokens)
        .sum();
  }
}

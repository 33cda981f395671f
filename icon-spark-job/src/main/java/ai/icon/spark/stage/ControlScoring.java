package ai.icon.spark.stage;

import ai.icon.contribution.ControlBank;
import ai.icon.contribution.ControlDraw;
import ai.icon.contribution.ControlLoss;
import ai.icon.contribution.ControlLosses;
import ai.icon.contribution.LengthBuckets;
import ai.icon.spark.executor.DeviceUse;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.Tables;
import ai.icon.spark.run.ShardAttempt;
import ai.icon.spark.run.ShardCommit;
import ai.icon.spark.run.ShardPlan;
import ai.icon.spark.run.ShardSet;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * What candidates are held against: the loss of every assessed example alone, and behind
 * meaningless tokens of the lengths that candidates have (method.md, Control).
 */
final class ControlScoring {
  private final StageContext context;
  private final Broadcast<Scoring> scoring;
  private final LengthBuckets buckets;

  ControlScoring(StageContext context, Broadcast<Scoring> scoring) {
    this.context = context;
    this.scoring = scoring;
    this.buckets = new LengthBuckets(scoring.value().maxDemonstration());
  }

  /**
   * One prefix of no candidate.
   *
   * @param bucket tokens of the control; 0 for the baseline
   * @param draw which of the bucket's draws
   * @param ids the control's tokens
   */
  private record Reference(int bucket, int draw, int[] ids) implements Serializable {
    static final Reference BASELINE = new Reference(0, 0, new int[0]);

    String id() {
      return bucket + "/" + draw;
    }
  }

  /**
   * Scores what is missing and gives all of it.
   *
   * @param lengths that candidates have, tokens
   * @param devices gets where each shard was done
   */
  ReferenceLosses score(List<Integer> lengths, List<DeviceUse> devices) throws IOException {
    List<Reference> references = references(lengths);
    long assessed = scoring.value().assessedTokens();
    ShardPlan plan =
        context
            .folder()
            .plan(
                ShardSet.CONTROL,
                references.stream()
                    .map(one -> new ShardPlan.WorkItem(one.id(), one.bucket() + assessed))
                    .toList(),
                context.config().score().shardTokens());
    ShardCommit commits = context.folder().commits(ShardSet.CONTROL);
    Broadcast<Scoring> shared = scoring;
    devices.addAll(
        new ShardJob(context, "control", plan, commits)
            .run(
                references,
                scoring.value().assessment().size(),
                (shard, items) -> score(shared.value(), commits, shard, items)));
    return load();
  }

  private List<Reference> references(List<Integer> lengths) {
    List<Reference> references = new ArrayList<>(List.of(Reference.BASELINE));
    boolean needsControl =
        scoring.value().config().measure().needsControl() && !scoring.value().isOfficial();
    if (needsControl) {
      int[] tokens = ControlBank.printableTokens(scoring.value().loaded().tokenizer());
      ControlBank bank = new ControlBank(buckets, tokens, context.config().seed());
      List<ControlDraw> draws = bank.drawsFor(lengths);
      draws.forEach(one -> references.add(new Reference(one.bucket(), one.draw(), one.ids())));
    }
    return references;
  }

  private static void score(
      Scoring scoring, ShardCommit commits, int shard, List<Reference> references)
      throws IOException {
    long begun = System.nanoTime();
    List<Row> baseline = new ArrayList<>();
    List<Row> control = new ArrayList<>();
    long tokens = 0;
    for (Reference reference : references) {
      double[] losses = losses(scoring, reference);
      for (int i = 0; i < losses.length; i++) {
        String id = scoring.assessment().examples().get(i).id();
        if (reference.bucket() == 0) {
          baseline.add(RowFactory.create(id, losses[i]));
        } else {
          control.add(RowFactory.create(reference.bucket(), reference.draw(), id, losses[i]));
        }
      }
      tokens += reference.bucket() + scoring.assessedTokens();
    }
    try (ShardAttempt attempt = scoring.attempt(commits, shard)) {
      if (!baseline.isEmpty()) {
        attempt.write(Table.BASELINE, baseline.iterator());
      }
      attempt.write(Table.CONTROL, control.iterator());
      attempt.commit(
          (long) references.size() * scoring.assessment().size(),
          tokens,
          (System.nanoTime() - begun) / 1e9);
    }
  }

  private static double[] losses(Scoring scoring, Reference reference) {
    if (reference.bucket() > 0) {
      return scoring.losses(scoring.loaded().sequences().prefix(reference.ids()));
    }
    if (!scoring.isOfficial()) {
      return scoring.losses(scoring.loaded().sequences().emptyPrefix());
    }
    return scoring
        .loaded()
        .score(
            model ->
                scoring.assessment().examples().stream()
                    .mapToDouble(scoring.official(model)::baselineNll)
                    .toArray());
  }

  private ReferenceLosses load() {
    Map<String, Integer> index = new HashMap<>();
    List<String> ids = scoring.value().assessment().ids();
    for (int i = 0; i < ids.size(); i++) {
      index.put(ids.get(i), i);
    }
    double[] baseline = new double[ids.size()];
    for (Row row :
        Tables.readInOrder(context.spark(), context.path(Table.BASELINE), Table.BASELINE)) {
      baseline[index.get(row.<String>getAs(Columns.ASSESSED_ID))] =
          row.<Double>getAs(Columns.BASELINE_NLL);
    }
    List<ControlLoss> losses =
        context.read(Table.CONTROL).collectAsList().stream()
            .map(
                row ->
                    new ControlLoss(
                        row.<Integer>getAs(Columns.BUCKET),
                        row.<Integer>getAs(Columns.DRAW),
                        index.get(row.<String>getAs(Columns.ASSESSED_ID)),
                        row.<Double>getAs(Columns.CONTROL_NLL)))
            .toList();
    Optional<ControlLosses> controls =
        losses.isEmpty()
            ? Optional.empty()
            : Optional.of(new ControlLosses(buckets, ids.size(), losses));
    return new ReferenceLosses(baseline, controls.orElse(null));
  }
}

package ai.icon.spark.run;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A stage's work that is planned and committed shard by shard; a stage may have several. */
public enum ShardSet {
  /** Baseline and control losses. */
  CONTROL(StageName.SCORE),
  /** Candidates in front of every assessed example. */
  PAIRS(StageName.SCORE),
  /** The selector's predictions for the pool. */
  PREDICTIONS(StageName.RANK);

  private final StageName stage;

  ShardSet(StageName stage) {
    this.stage = stage;
  }

  /** The stage that it is part of. */
  public StageName stage() {
    return stage;
  }

  /** The name of its plan and its markers: lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The sets of a stage, in the order in which they are run. */
  public static List<ShardSet> of(StageName stage) {
    return Arrays.stream(values()).filter(set -> set.stage == stage).toList();
  }
}

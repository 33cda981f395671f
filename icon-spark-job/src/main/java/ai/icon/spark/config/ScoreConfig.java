package ai.icon.spark.config;

import static java.util.Objects.requireNonNull;

import ai.icon.contribution.ContributionMeasure;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How candidates are scored in context (method: Pair contribution, Global contribution).
 *
 * @param measure the contribution of a pair
 * @param compat whose arithmetic
 * @param candidates how many samples are scored at most; {@link #ALL} for the whole pool
 * @param batchTokens most tokens of one forward pass, padding included; from 1
 * @param shardTokens about how many tokens one shard scores; from 1
 * @param groupWeights weights of assessment groups, finite and not negative; others weigh 1
 */
public record ScoreConfig(
    ContributionMeasure measure,
    Compat compat,
    int candidates,
    int batchTokens,
    long shardTokens,
    SortedMap<String, Double> groupWeights)
    implements Serializable {

  /** The number of candidates that stands for the whole pool. */
  public static final int ALL = Integer.MAX_VALUE;

  private static final String ALL_TEXT = "all";
  private static final String CANDIDATES = "be a whole number from 1, or all";
  private static final String TOKENS = "be a whole number of tokens from 1";
  private static final String WEIGHTS = "be weights from 0";

  /** Whose arithmetic. */
  public enum Compat {
    /** The method as documented. */
    NONE,
    /** The authors' released scripts. */
    OFFICIAL;

    /** The name in settings. */
    public String text() {
      return SettingReader.text(this);
    }
  }

  /** Copies the weights and checks every rule. */
  public ScoreConfig {
    requireNonNull(measure, "measure");
    requireNonNull(compat, "compat");
    groupWeights = Collections.unmodifiableSortedMap(new TreeMap<>(groupWeights));
    Setting.SCORE_CANDIDATES.check(candidates >= 1, CANDIDATES, candidates);
    Setting.SCORE_BATCH_TOKENS.check(batchTokens >= 1, TOKENS, batchTokens);
    Setting.SCORE_SHARD_TOKENS.check(shardTokens >= 1, TOKENS, shardTokens);
    for (double weight : groupWeights.values()) {
      boolean isWeight = Double.isFinite(weight) && weight >= 0;
      Setting.SCORE_GROUP_WEIGHTS.check(isWeight, WEIGHTS, groupWeights);
    }
  }

  static ScoreConfig read(SettingReader reader) {
    String candidates = reader.text(Setting.SCORE_CANDIDATES);
    SortedMap<String, Double> weights = new TreeMap<>();
    reader
        .table(Setting.SCORE_GROUP_WEIGHTS)
        .forEach(
            (group, weight) ->
                weights.put(group, reader.number(Setting.SCORE_GROUP_WEIGHTS, WEIGHTS, weight)));
    return new ScoreConfig(
        reader.oneOf(
            Setting.SCORE_MEASURE, ContributionMeasure.class, ContributionMeasure::setting),
        reader.oneOf(Setting.SCORE_COMPAT, Compat.class),
        candidates.equals(ALL_TEXT) ? ALL : reader.whole(Setting.SCORE_CANDIDATES, CANDIDATES),
        reader.whole(Setting.SCORE_BATCH_TOKENS, TOKENS),
        reader.longWhole(Setting.SCORE_SHARD_TOKENS, TOKENS),
        weights);
  }

  void write(Map<Setting, Object> values) {
    SortedMap<String, String> weights = new TreeMap<>();
    groupWeights.forEach((group, weight) -> weights.put(group, Double.toString(weight)));
    values.put(Setting.SCORE_MEASURE, measure.setting());
    values.put(Setting.SCORE_COMPAT, compat.text());
    values.put(
        Setting.SCORE_CANDIDATES, candidates == ALL ? ALL_TEXT : Integer.toString(candidates));
    values.put(Setting.SCORE_BATCH_TOKENS, Integer.toString(batchTokens));
    values.put(Setting.SCORE_SHARD_TOKENS, Long.toString(shardTokens));
    values.put(Setting.SCORE_GROUP_WEIGHTS, weights);
  }
}

package ai.icon.spark.config;

import static java.util.Objects.requireNonNull;

import ai.icon.selection.RankBy;
import java.io.Serializable;
import java.util.Map;

/**
 * The score of the ranking (method: Ranking).
 *
 * @param by which score
 */
public record RankConfig(RankBy by) implements Serializable {

  /** Checks that it is given. */
  public RankConfig {
    requireNonNull(by, "by");
  }

  static RankConfig read(SettingReader reader) {
    return new RankConfig(reader.oneOf(Setting.RANK_BY, RankBy.class, RankBy::setting));
  }

  void write(Map<Setting, Object> values) {
    values.put(Setting.RANK_BY, by.setting());
  }
}

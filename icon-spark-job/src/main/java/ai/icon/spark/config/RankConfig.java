package ai.icon.spark.config;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Map;

/**
 * The score of the ranking (method: Ranking).
 *
 * @param by which score
 */
public record RankConfig(By by) implements Serializable {

  /** Which score ranks. */
  public enum By {
    /** Measured and predicted, weighed by their variances. */
    EXPECTED,
    /** The selector alone. */
    PREDICTED,
    /** The measured one wherever there is one. */
    MEASURED;

    /** The name in settings. */
    public String text() {
      return SettingReader.text(this);
    }
  }

  /** Checks that it is given. */
  public RankConfig {
    requireNonNull(by, "by");
  }

  static RankConfig read(SettingReader reader) {
    return new RankConfig(reader.oneOf(Setting.RANK_BY, By.class));
  }

  void write(Map<Setting, Object> values) {
    values.put(Setting.RANK_BY, by.text());
  }
}

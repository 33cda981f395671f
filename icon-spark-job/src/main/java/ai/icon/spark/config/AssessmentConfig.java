package ai.icon.spark.config;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Map;

/**
 * The examples on which the loss is watched.
 *
 * @param source a file, or empty: drawn from the pool
 * @param size how many examples are wanted, or 0; {@link #examples} says what 0 means
 * @param drawnSize how many a draw takes while {@code size} is 0; from 1
 * @param draw how a draw spreads over the pool
 * @param stratifyBy the column of a stratified draw, or empty
 */
public record AssessmentConfig(String source, int size, int drawnSize, Draw draw, String stratifyBy)
    implements Serializable {

  private static final String SIZE = "be a whole number from 1, or 0 for all";
  private static final String DRAWN_SIZE = "be a whole number from 1";

  /** How a draw spreads over the pool. */
  public enum Draw {
    /** The values of a column are the groups. */
    STRATIFIED,
    /** Clusters of embeddings are the groups. */
    CLUSTERED;

    /** The name in settings. */
    public String text() {
      return SettingReader.text(this);
    }
  }

  /** Checks every rule. */
  public AssessmentConfig {
    requireNonNull(source, "source");
    requireNonNull(draw, "draw");
    requireNonNull(stratifyBy, "stratifyBy");
    Setting.ASSESSMENT_SIZE.check(size >= 0, SIZE, size);
    Setting.ASSESSMENT_DRAWN_SIZE.check(drawnSize >= 1, DRAWN_SIZE, drawnSize);
  }

  /** Whether the examples are drawn from the pool. */
  public boolean isDrawn() {
    return source.isEmpty();
  }

  /** How many examples are taken at most; {@link Integer#MAX_VALUE} for the whole file. */
  public int examples() {
    if (size > 0) {
      return size;
    }
    return isDrawn() ? drawnSize : Integer.MAX_VALUE;
  }

  static AssessmentConfig read(SettingReader reader) {
    return new AssessmentConfig(
        reader.text(Setting.ASSESSMENT_SOURCE),
        reader.whole(Setting.ASSESSMENT_SIZE, SIZE),
        reader.whole(Setting.ASSESSMENT_DRAWN_SIZE, DRAWN_SIZE),
        reader.oneOf(Setting.ASSESSMENT_DRAW, Draw.class),
        reader.text(Setting.ASSESSMENT_STRATIFY_BY));
  }

  void write(Map<Setting, Object> values) {
    values.put(Setting.ASSESSMENT_SOURCE, source);
    values.put(Setting.ASSESSMENT_SIZE, Integer.toString(size));
    values.put(Setting.ASSESSMENT_DRAWN_SIZE, Integer.toString(drawnSize));
    values.put(Setting.ASSESSMENT_DRAW, draw.text());
    values.put(Setting.ASSESSMENT_STRATIFY_BY, stratifyBy);
  }
}

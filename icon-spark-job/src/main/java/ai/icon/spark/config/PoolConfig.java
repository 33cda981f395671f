package ai.icon.spark.config;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the pool comes from.
 *
 * @param sources files, folders or patterns, as given; may be empty where no ingest is asked for
 * @param format the shape of a sample
 * @param columns for a field of the shape the column that holds it
 * @param maxRejectShare the run stops when a larger share of the rows is rejected; in [0, 1]
 */
public record PoolConfig(
    List<String> sources, Format format, SortedMap<String, String> columns, double maxRejectShare)
    implements Serializable {

  private static final String SHARE = "be a share from 0 to 1";

  /** The shape of a sample. */
  public enum Format {
    AUTO,
    ALPACA,
    SHAREGPT,
    MESSAGES,
    PROMPT_COMPLETION;

    /** The name in settings, such as {@code prompt-completion}. */
    public String text() {
      return SettingReader.text(this);
    }
  }

  /** Copies the collections and checks every rule. */
  public PoolConfig {
    sources = List.copyOf(sources);
    columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    Setting.POOL_SOURCES.check(
        sources.stream().noneMatch(String::isBlank), "name no empty source", sources);
    Setting.POOL_COLUMNS.check(
        columns.values().stream().noneMatch(String::isBlank), "name no empty column", columns);
    Setting.POOL_MAX_REJECT_SHARE.check(
        maxRejectShare >= 0 && maxRejectShare <= 1, SHARE, maxRejectShare);
  }

  static PoolConfig read(SettingReader reader) {
    return new PoolConfig(
        reader.texts(Setting.POOL_SOURCES),
        reader.oneOf(Setting.POOL_FORMAT, Format.class),
        reader.table(Setting.POOL_COLUMNS),
        reader.number(Setting.POOL_MAX_REJECT_SHARE, SHARE));
  }

  void write(Map<Setting, Object> values) {
    values.put(Setting.POOL_SOURCES, sources);
    values.put(Setting.POOL_FORMAT, format.text());
    values.put(Setting.POOL_COLUMNS, columns);
    values.put(Setting.POOL_MAX_REJECT_SHARE, Double.toString(maxRejectShare));
  }
}

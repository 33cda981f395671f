package ai.icon.spark.config;

import ai.icon.sample.ColumnMapping;
import ai.icon.sample.SampleShape;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where the pool comes from.
 *
 * @param sources files, folders or patterns, as given; may be empty where no ingest is asked for
 * @param formatText the shape of a sample, as {@link SampleShape#parse} reads it
 * @param columns for a field of the shape the column that holds it
 * @param maxRejectShare the run stops when a larger share of the rows is rejected; in [0, 1]
 */
public record PoolConfig(
    List<String> sources, String formatText, ColumnMapping columns, double maxRejectShare)
    implements Serializable {

  private static final String SHARE = "be a share from 0 to 1";
  private static final String FORMATS =
      Arrays.stream(SampleShape.values())
          .map(SampleShape::setting)
          .collect(Collectors.joining(", ", "be one of auto, ", ""));
  private static final String FIELDS =
      new TreeSet<>(ColumnMapping.CANONICAL)
          .stream().collect(Collectors.joining(", ", "map fields among ", " to columns"));

  /** Copies the sources and checks every rule. */
  public PoolConfig {
    sources = List.copyOf(sources);
    Setting.POOL_SOURCES.check(
        sources.stream().noneMatch(String::isBlank), "name no empty source", sources);
    Setting.POOL_COLUMNS.check(
        columns.columns().values().stream().noneMatch(String::isBlank),
        "name no empty column",
        new TreeMap<>(columns.columns()));
    Setting.POOL_FORMAT.parsed(() -> SampleShape.parse(formatText), FORMATS, formatText);
    Setting.POOL_MAX_REJECT_SHARE.check(
        maxRejectShare >= 0 && maxRejectShare <= 1, SHARE, maxRejectShare);
  }

  static PoolConfig read(SettingReader reader) {
    SortedMap<String, String> columns = reader.table(Setting.POOL_COLUMNS);
    return new PoolConfig(
        reader.texts(Setting.POOL_SOURCES),
        reader.text(Setting.POOL_FORMAT),
        Setting.POOL_COLUMNS.parsed(() -> new ColumnMapping(columns), FIELDS, columns),
        reader.number(Setting.POOL_MAX_REJECT_SHARE, SHARE));
  }

  void write(Map<Setting, Object> values) {
    values.put(Setting.POOL_SOURCES, sources);
    values.put(Setting.POOL_FORMAT, formatText);
    values.put(Setting.POOL_COLUMNS, new TreeMap<>(columns.columns()));
    values.put(Setting.POOL_MAX_REJECT_SHARE, Double.toString(maxRejectShare));
  }
}

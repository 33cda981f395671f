package ai.icon.spark.stage;

import ai.icon.error.UserError;
import ai.icon.sample.ColumnMapping;
import ai.icon.sample.ColumnsParser;
import ai.icon.spark.source.Source;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Refuses a mapping to a column that is nowhere. An optional field would otherwise be empty in
 * silence, and a needed one would reject every row one by one.
 */
final class MappedColumns {
  private static final String GROUP = "group";

  private final StageContext context;
  private final ColumnMapping mapping;

  MappedColumns(StageContext context) {
    this.context = context;
    this.mapping = context.config().pool().columns();
  }

  /**
   * Checks what samples are made of; the assessment file may have columns of its own.
   *
   * @param inPool whether any row of the pool has a column
   * @param examples columns of the pool, for the message
   * @throws UserError naming the first that neither the pool nor the assessment file has
   */
  void checkPool(Predicate<String> inPool, Set<String> examples) throws IOException {
    for (Map.Entry<String, String> one : new TreeMap<>(mapping.columns()).entrySet()) {
      boolean isOfSamples = !one.getKey().equals(GROUP);
      if (isOfSamples && !inPool.test(one.getValue()) && !inAssessment(one.getValue())) {
        throw missing("the pool", one, examples);
      }
    }
  }

  /**
   * Checks the group, which only assessed examples have.
   *
   * @throws UserError if it is mapped to a column that the assessment file has not
   */
  void checkAssessment() throws IOException {
    if (mapping.maps(GROUP) && !inAssessment(mapping.actual(GROUP))) {
      throw missing(
          "the assessment file", Map.entry(GROUP, mapping.actual(GROUP)), assessmentColumns());
    }
  }

  private boolean inAssessment(String column) throws IOException {
    return !context.config().assessment().isDrawn() && assessmentColumns().contains(column);
  }

  private Set<String> assessmentColumns() throws IOException {
    Set<String> columns = new LinkedHashSet<>();
    for (Source source : context.sources().assessment(context.config().assessment())) {
      context.sources().forEach(source, new ColumnsParser(), columns::addAll);
    }
    return columns;
  }

  private static UserError missing(
      String where, Map.Entry<String, String> one, Set<String> columns) {
    return new UserError(
        "Cannot map "
            + one.getKey()
            + " to column \""
            + one.getValue()
            + "\": no row of "
            + where
            + " has it; there are "
            + List.copyOf(columns),
        "Name a column that is there with --columns " + one.getKey() + "=COLUMN.");
  }
}

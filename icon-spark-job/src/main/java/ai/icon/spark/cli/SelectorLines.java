package ai.icon.spark.cli;

import ai.icon.selector.SelectorReport;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import java.util.List;
import java.util.Map;

/** The selector's report as a run shows it at its end. */
final class SelectorLines {
  private static final String SELECTOR = "selector";

  private SelectorLines() {}

  /** What the training stage reported, in words; no line before it has run. */
  static List<String> of(List<StageRecord> records) {
    return records.stream()
        .filter(record -> record.stage() == StageName.TRAIN)
        .map(record -> record.figures().get(SELECTOR))
        .flatMap(report -> words(report).lines())
        .toList();
  }

  private static String words(Object report) {
    if (report instanceof Map<?, ?> map) {
      @SuppressWarnings("unchecked")
      Map<String, Object> figures = (Map<String, Object>) map;
      return SelectorReport.fromMap(figures).describe();
    }
    return "selector " + report;
  }
}

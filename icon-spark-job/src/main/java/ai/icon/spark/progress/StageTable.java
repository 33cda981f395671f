package ai.icon.spark.progress;

import ai.icon.spark.run.StageRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the stages of a run did, as aligned plain text: the end of a normal run. */
public final class StageTable {
  private StageTable() {}

  /** Head and one line a stage, in the order given, no line end after the last. */
  public static String of(List<StageRecord> records) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("stage", "seconds", "tokens", "counts"));
    records.forEach(record -> cells.add(cells(record)));
    int[] widths =
        IntStream.range(0, 3)
            .map(column -> cells.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return cells.stream()
        .map(row -> line(row, widths))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static List<String> cells(StageRecord record) {
    String counts =
        record.counts().entrySet().stream()
            .map(count -> String.format(Locale.ROOT, "%s %,d", count.getKey(), count.getValue()))
            .collect(Collectors.joining(", "));
    return List.of(
        record.stage().text(),
        String.format(Locale.ROOT, "%.1f", record.seconds()),
        record.tokens() == 0 ? "-" : String.format(Locale.ROOT, "%,d", record.tokens()),
        counts);
  }

  /** Names to the left, numbers to the right. */
  private static String line(List<String> row, int[] widths) {
    String layout = "%-" + widths[0] + "s  %" + widths[1] + "s  %" + widths[2] + "s  %s";
    return String.format(Locale.ROOT, layout, row.toArray()).stripTrailing();
  }
}

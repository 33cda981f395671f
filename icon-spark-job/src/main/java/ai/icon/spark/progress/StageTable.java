package ai.icon.spark.progress;

import ai.icon.spark.run.StageRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the stages of a run did, as aligned plain text: the end of a normal run. */
public final class StageTable {
  private static final String DRIVER = "driver";
  private static final long MIB = 1 << 20;

  private StageTable() {}

  /**
   * Head, one line a stage in the order given, their sum, and a line of memory for the driver and
   * one for the executors, if there are any beside it; no line end after the last.
   *
   * @param memory peaks by Spark's names of the processes, {@code driver} among them
   */
  public static String of(List<StageRecord> records, SortedMap<String, ProcessMemory> memory) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("stage", "seconds", "tokens", "counts"));
    records.forEach(record -> cells.add(cells(record)));
    cells.add(total(records));
    int[] widths =
        IntStream.range(0, 3)
            .map(column -> cells.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return Stream.concat(cells.stream().map(row -> line(row, widths)), memory(memory).stream())
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static List<String> total(List<StageRecord> records) {
    long tokens = records.stream().mapToLong(StageRecord::tokens).sum();
    double seconds = records.stream().mapToDouble(StageRecord::seconds).sum();
    return List.of("total", seconds(seconds), tokens(tokens), "");
  }

  private static List<String> memory(SortedMap<String, ProcessMemory> memory) {
    SortedMap<String, ProcessMemory> executors = new TreeMap<>(memory);
    ProcessMemory driver = executors.remove(DRIVER);
    List<String> lines = new ArrayList<>();
    if (driver != null) {
      lines.add("memory of the driver: " + shown(driver));
    }
    executors.values().stream()
        .reduce(ProcessMemory::max)
        .ifPresent(
            most ->
                lines.add(
                    "memory of an executor (%d, the largest): %s"
                        .formatted(executors.size(), shown(most))));
    return lines;
  }

  private static String shown(ProcessMemory memory) {
    String heap = String.format(Locale.ROOT, "heap %,d MiB", memory.heapBytes() / MIB);
    return memory.residentBytes() == 0
        ? heap
        : heap + String.format(Locale.ROOT, ", resident %,d MiB", memory.residentBytes() / MIB);
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f", seconds);
  }

  private static String tokens(long tokens) {
    return tokens == 0 ? "-" : String.format(Locale.ROOT, "%,d", tokens);
  }

  private static List<String> cells(StageRecord record) {
    String counts =
        record.counts().entrySet().stream()
            .map(count -> String.format(Locale.ROOT, "%s %,d", count.getKey(), count.getValue()))
            .collect(Collectors.joining(", "));
    return List.of(
        record.stage().text(), seconds(record.seconds()), tokens(record.tokens()), counts);
  }

  /** Names to the left, numbers to the right. */
  private static String line(List<String> row, int[] widths) {
    String layout = "%-" + widths[0] + "s  %" + widths[1] + "s  %" + widths[2] + "s  %s";
    return String.format(Locale.ROOT, layout, row.toArray()).stripTrailing();
  }
}

package ai.icon.spark.run;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** How a run stands, in words, for {@code icon status}. */
public final class RunDescription {
  private RunDescription() {}

  /** Several lines: the folder, its state as {@link RunWatch} sees it, then one line a stage. */
  public static String of(RunFolder folder, RunView view) throws IOException {
    StringJoiner lines = new StringJoiner(System.lineSeparator());
    lines.add("run     " + folder.root());
    folder
        .run()
        .ifPresent(run -> lines.add("version " + run.version() + ", run id " + run.fingerprint()));
    lines.add("state   " + view.text());
    for (StageName stage : StageName.values()) {
      lines.add(String.format(Locale.ROOT, "  %-7s %s", stage.text(), stage(folder, stage)));
    }
    return lines.toString();
  }

  private static String stage(RunFolder folder, StageName stage) throws IOException {
    Optional<StageRecord> record = folder.record(stage);
    if (record.isPresent()) {
      return done(record.get());
    }
    if (!folder.isBegun(stage)) {
      return "to do";
    }
    StringJoiner sets = new StringJoiner(", ", "begun, ", "").setEmptyValue("begun");
    for (ShardSet set : ShardSet.of(stage)) {
      int committed = folder.commits(set).committed().size();
      Optional<ShardPlan> plan = folder.plan(set);
      if (plan.isPresent() || committed > 0) {
        String planned = plan.map(one -> " of " + one.shards().size()).orElse("");
        sets.add(set.text() + ": " + committed + planned + " shards done");
      }
    }
    return sets.toString();
  }

  private static String done(StageRecord record) {
    String counts =
        record.counts().entrySet().stream()
            .map(RunDescription::count)
            .collect(Collectors.joining(", "));
    return String.format(Locale.ROOT, "done in %.1f s  %s", record.seconds(), counts)
        .stripTrailing();
  }

  private static String count(Map.Entry<String, Long> count) {
    return String.format(Locale.ROOT, "%s %,d", count.getKey(), count.getValue());
  }
}

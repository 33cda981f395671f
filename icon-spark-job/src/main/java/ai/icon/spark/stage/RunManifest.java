package ai.icon.spark.stage;

import ai.icon.provenance.Counts;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What went in and what came out: {@code manifest.json}, written from the stages' records. */
final class RunManifest {
  private static final List<String> COUNTS =
      List.of(
          "read",
          "rejects",
          "duplicates",
          "overlap",
          "assessment",
          "assessmentFromPool",
          "pool",
          "candidates",
          "scored",
          "pairs",
          "nonFinite",
          "ranked",
          "selected",
          "selectedTokens");

  private RunManifest() {}

  /**
   * Writes the manifest of the stages that are complete.
   *
   * @throws IllegalStateException if all are and a sum does not hold
   */
  static void write(StageContext context, List<StageRecord> records) throws IOException {
    Map<String, Long> counts = counts(records);
    if (records.size() == StageName.values().length) {
      check(counts);
    }
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("version", BuildVersion.version());
    manifest.put("runId", context.footer().runId());
    manifest.put("counts", counts);
    manifest.put("stages", stages(records));
    for (StageRecord record : records) {
      manifest.putAll(record.figures());
    }
    manifest.put("threads", context.model().threads());
    manifest.put("fingerprints", fingerprints(context, records));
    manifest.put("settings", context.config().settings());
    context.folder().manifest().write(new ai.icon.provenance.Manifest(manifest).entries());
  }

  private static Map<String, Long> counts(List<StageRecord> records) {
    Map<String, Long> known = new TreeMap<>();
    records.forEach(record -> known.putAll(record.counts()));
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String name : COUNTS) {
      if (known.containsKey(name)) {
        counts.put(name, known.get(name));
      }
    }
    return counts;
  }

  private static void check(Map<String, Long> counts) {
    new Counts(
            counts.get("read"),
            counts.get("rejects"),
            counts.get("duplicates"),
            counts.get("overlap"),
            counts.get("assessment"),
            counts.get("assessmentFromPool"),
            counts.get("pool"),
            counts.get("candidates"),
            counts.get("scored"),
            counts.get("pairs"),
            counts.get("nonFinite"),
            counts.get("ranked"),
            counts.get("selected"),
            counts.get("selectedTokens"))
        .check();
  }

  private static Map<String, Object> stages(List<StageRecord> records) {
    Map<String, Object> stages = new LinkedHashMap<>();
    for (StageRecord record : records) {
      Map<String, Object> stage = new LinkedHashMap<>();
      stage.put("seconds", record.seconds());
      if (record.tokens() > 0) {
        stage.put("tokens", record.tokens());
      }
      stages.put(record.stage().text(), stage);
    }
    return stages;
  }

  private static SortedMap<String, String> fingerprints(
      StageContext context, List<StageRecord> records) {
    SortedMap<String, String> fingerprints = new TreeMap<>();
    fingerprints.put("model", context.model().fingerprint());
    records.forEach(
        record -> fingerprints.put("stage " + record.stage().text(), record.fingerprint()));
    return fingerprints;
  }
}

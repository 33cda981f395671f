package ai.icon.spark.stage;

import ai.icon.provenance.Manifest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a stage counted and found.
 *
 * @param tokens tokens that went through the model; 0 if none did
 * @param counts for the manifest's {@code counts}
 * @param figures for the manifest, by name: numbers, texts, lists and maps of them
 */
record StageOutcome(long tokens, Map<String, Long> counts, Map<String, Object> figures) {
  StageOutcome {
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    figures = new Manifest(new LinkedHashMap<>(figures)).entries(); // NaN becomes null
  }

  static StageOutcome of(Map<String, Long> counts) {
    return new StageOutcome(0, counts, Map.of());
  }
}

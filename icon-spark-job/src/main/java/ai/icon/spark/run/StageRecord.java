package ai.icon.spark.run;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a finished stage says of itself. It is stored only when the stage's output is whole.
 *
 * @param stage which
 * @param fingerprint of the inputs, {@link StageInputs#fingerprint}
 * @param inputs what its output depends on
 * @param seconds wall time of the attempt that finished it
 * @param tokens tokens that went through the model; 0 where none did
 * @param counts rows by what they are, such as {@code read}, in the order of the names
 * @param figures further figures for the manifest, JSON values in the order given
 */
public record StageRecord(
    StageName stage,
    String fingerprint,
    SortedMap<String, String> inputs,
    double seconds,
    long tokens,
    SortedMap<String, Long> counts,
    Map<String, Object> figures) {
  /** Copies the maps and checks that fingerprint and inputs belong together. */
  public StageRecord {
    requireNonNull(stage, "stage");
    inputs = StageInputs.of(inputs).values();
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    if (!(seconds >= 0) || tokens < 0) {
      throw new IllegalArgumentException(
          "Invalid stage record: seconds and tokens must not be negative, got %s and %d"
              .formatted(seconds, tokens));
    }
    if (!new StageInputs(inputs).fingerprint().equals(fingerprint)) {
      throw new IllegalArgumentException(
          "Invalid stage record: fingerprint " + fingerprint + " is not that of its inputs");
    }
  }

  /** A record whose fingerprint is computed. */
  public static StageRecord of(
      StageName stage,
      StageInputs inputs,
      double seconds,
      long tokens,
      Map<String, Long> counts,
      Map<String, Object> figures) {
    return new StageRecord(
        stage,
        inputs.fingerprint(),
        inputs.values(),
        seconds,
        tokens,
        new TreeMap<>(counts),
        figures);
  }
}

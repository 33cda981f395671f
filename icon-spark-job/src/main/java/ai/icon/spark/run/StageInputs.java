package ai.icon.spark.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that decides what a stage writes: settings, seeds, fingerprints of files, model and
 * earlier stages, each as text under a name. Two stages with equal inputs write the same rows.
 *
 * @param values by name, in the order of the names
 */
public record StageInputs(@JsonValue SortedMap<String, String> values) {
  /** The input of {@link StageName#SCORE} that no pair depends on: the weights of the groups. */
  public static final String GROUP_WEIGHTS = "score.groupWeights";

  private static final String NONE = "(none)";

  /** Copies the values; names and values must not be null. */
  public StageInputs {
    SortedMap<String, String> copy = new TreeMap<>();
    copy.putAll(Map.copyOf(values));
    values = Collections.unmodifiableSortedMap(copy);
  }

  /** The inputs from any map. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static StageInputs of(Map<String, String> values) {
    return new StageInputs(new TreeMap<>(values));
  }

  /** 32 hexadecimal digits over names and values, their lengths included. */
  public String fingerprint() {
    Sha256 digest = new Sha256();
    values.forEach((name, value) -> digest.add(name).add(value));
    return digest.hex();
  }

  /** What differs, one line a name: {@code name: was X, now Y}; empty if nothing does. */
  public List<String> changesTo(StageInputs now) {
    return changed(now).stream()
        .map(name -> name + ": was " + in(this, name) + ", now " + in(now, name))
        .toList();
  }

  /** Whether the weights of the groups differ and nothing else does. */
  boolean differsInWeightsAlone(StageInputs now) {
    return changed(now).equals(List.of(GROUP_WEIGHTS));
  }

  private List<String> changed(StageInputs now) {
    TreeSet<String> names = new TreeSet<>(values.keySet());
    names.addAll(now.values.keySet());
    return names.stream().filter(name -> !in(this, name).equals(in(now, name))).toList();
  }

  private static String in(StageInputs inputs, String name) {
    return inputs.values.getOrDefault(name, NONE);
  }
}

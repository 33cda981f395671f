package ai.icon.spark.run;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run is: {@code _icon/run.json}.
 *
 * @param version of this software
 * @param fingerprint over version and settings: the run's id
 * @param settings everything that was set, as text, in the order of the names
 * @param status how the run last stood
 * @param error what stopped it; empty if nothing did
 */
public record RunRecord(
    String version,
    String fingerprint,
    SortedMap<String, String> settings,
    RunStatus.State status,
    String error) {
  /** Copies the settings and checks the fingerprint. */
  public RunRecord {
    requireNonNull(status, "status");
    requireNonNull(error, "error");
    settings = StageInputs.of(settings).values();
    if (!fingerprint(version, settings).equals(fingerprint)) {
      throw new IllegalArgumentException(
          "Invalid run record: fingerprint " + fingerprint + " is not that of its settings");
    }
  }

  /** The record of a run that begins. */
  public static RunRecord running(String version, Map<String, String> settings) {
    SortedMap<String, String> sorted = new TreeMap<>(settings);
    return new RunRecord(
        version, fingerprint(version, sorted), sorted, RunStatus.State.RUNNING, "");
  }

  /** The same run, ended. */
  public RunRecord ended(RunStatus.State newStatus, String newError) {
    return new RunRecord(version, fingerprint, settings, newStatus, newError);
  }

  private static String fingerprint(String version, SortedMap<String, String> settings) {
    return new Sha256().add(version).add(new StageInputs(settings).fingerprint()).hex();
  }
}

package ai.icon.spark.config;

import static java.util.Objects.requireNonNull;

import ai.icon.spark.run.StageName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a job is run, apart from what it computes: nothing here changes a result.
 *
 * @param master the Spark master, such as {@code local[*]}
 * @param sparkSettings further Spark settings, key to value
 * @param redo stages to run again although their output is complete, with all after them
 * @param reweigh whether other weights of the groups are given to the stored pairs of a scored run
 * @param dryRun whether to print the plan and stop
 * @param verbose whether logs and stack traces are shown
 */
public record JobOptions(
    String master,
    SortedMap<String, String> sparkSettings,
    List<StageName> redo,
    boolean reweigh,
    boolean dryRun,
    boolean verbose) {

  /** Copies the collections and checks that a master is named. */
  public JobOptions {
    requireNonNull(master, "master");
    if (master.isBlank()) {
      throw new IllegalArgumentException("Invalid job options: the master must not be empty");
    }
    sparkSettings = Collections.unmodifiableSortedMap(new TreeMap<>(sparkSettings));
    redo = List.copyOf(redo);
  }

  /** Options with nothing but a master and Spark settings. */
  public static JobOptions of(String master, Map<String, String> sparkSettings) {
    return new JobOptions(master, new TreeMap<>(sparkSettings), List.of(), false, false, false);
  }
}

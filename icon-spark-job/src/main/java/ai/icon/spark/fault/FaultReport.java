package ai.icon.spark.fault;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What a number of kills has done to the runs that they struck.
 *
 * @param kills in their order
 * @param runs that were killed until they were complete
 * @param stops how often a driver that was not killed gave up, with a message, and was started
 *     again
 * @param rewritten shards that were vouched for and done again all the same
 * @param differences files whose bytes are not those of the undisturbed run, with their run
 * @param orphans files that nothing in their run folder accounts for, and missing ones, with their
 *     run
 * @param undisturbedSeconds wall time of a run that was let be
 * @param seconds wall time of everything
 */
public record FaultReport(
    List<Kill> kills,
    int runs,
    int stops,
    long rewritten,
    List<String> differences,
    List<String> orphans,
    double undisturbedSeconds,
    double seconds) {
  /** Copies the lists. */
  public FaultReport {
    kills = List.copyOf(kills);
    differences = List.copyOf(differences);
    orphans = List.copyOf(orphans);
  }

  /** Shards that had to be done again, over all kills. */
  public long repeated() {
    return kills.stream().mapToLong(Kill::repeated).sum();
  }

  /** Shards that the dearest kill cost. */
  public long maxRepeated() {
    return kills.stream().mapToLong(Kill::repeated).max().orElse(0);
  }

  /** Whether no kill cost more than a shard for each core that it took, and nothing else. */
  public boolean isGood() {
    return rewritten == 0
        && differences.isEmpty()
        && orphans.isEmpty()
        && kills.stream().allMatch(kill -> kill.repeated() <= kill.cores());
  }

  /** The figures for people. */
  public String table() {
    return String.format(
        Locale.ROOT,
        """
        kills                      %6d   (%d executors, %d drivers)
        runs that they struck      %6d   (%d stops that were not kills)
        shards in flight, redone   %6d   (at the most %d by one kill)
        finished shards redone     %6d
        files that differ          %6d
        orphans and missing files  %6d
        seconds                    %6.0f   (%.0f of them an undisturbed run)""",
        kills.size(),
        kills.stream().filter(kill -> !kill.isDriver()).count(),
        kills.stream().filter(Kill::isDriver).count(),
        runs,
        stops,
        repeated(),
        maxRepeated(),
        rewritten,
        differences.size(),
        orphans.size(),
        seconds,
        undisturbedSeconds);
  }

  /** The same for programs. */
  public ObjectNode json() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("benchmark", "faults").put("kills", kills.size());
    json.put("driverKills", kills.stream().filter(Kill::isDriver).count());
    json.put("runs", runs).put("stops", stops);
    json.put("repeatedShards", repeated()).put("maxRepeatedPerKill", maxRepeated());
    json.put("rewrittenShards", rewritten).put("orphans", orphans.size());
    json.put("sameContent", differences.isEmpty());
    json.put("undisturbedSeconds", undisturbedSeconds).put("seconds", seconds);
    return json;
  }
}

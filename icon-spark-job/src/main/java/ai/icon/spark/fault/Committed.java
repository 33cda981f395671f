package ai.icon.spark.fault;

import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.ShardMarker;
import ai.icon.spark.run.ShardSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * The shards that a run folder vouched for at one moment, each with what would change if it were
 * done again: its marker's content and the time of its files.
 *
 * @param shards by set and number
 */
record Committed(SortedMap<String, String> shards) {
  Committed {
    shards = Collections.unmodifiableSortedMap(new TreeMap<>(shards));
  }

  /** What a run folder on a local disk vouches for now. */
  static Committed of(Path run) throws IOException {
    SortedMap<String, String> shards = new TreeMap<>();
    RunFolder folder = RunFolder.planned(run.toString(), new Configuration());
    for (ShardSet set : ShardSet.values()) {
      for (ShardMarker marker : folder.commits(set).committedMarkers().values()) {
        StringBuilder state = new StringBuilder(marker.toString());
        for (String file : marker.files().keySet()) {
          state.append(' ').append(changed(run.resolve(file)));
        }
        shards.put(set.text() + "-" + marker.shard(), state.toString());
      }
    }
    return new Committed(shards);
  }

  /** How many of these shards have since been done again, or have gone. */
  long brokenIn(Committed later) {
    return shards.entrySet().stream()
        .filter(one -> !one.getValue().equals(later.shards.get(one.getKey())))
        .count();
  }

  /** How many there are whose set and number begin so. */
  long count(String start) {
    return shards.keySet().stream().filter(one -> one.startsWith(start)).count();
  }

  int size() {
    return shards.size();
  }

  private static String changed(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toString();
    } catch (NoSuchFileException e) {
      return "gone";
    }
  }
}

package ai.icon.spark.run;

import static java.util.Objects.requireNonNull;

import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.TableFooter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The finished shards of a set: one small marker each, created when the shard's files are in place.
 * Travels to executors; every task opens its own {@link ShardAttempt}. A killed driver loses at
 * most the shards in flight.
 */
public final class ShardCommit implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String FOLDER = "_icon/commits";

  private final HadoopSettings settings;
  private final String root;
  private final ShardSet set;

  /**
   * @param settings for the file systems, on executors too
   * @param root the run folder
   * @param set whose shards
   */
  public ShardCommit(HadoopSettings settings, String root, ShardSet set) {
    this.settings = requireNonNull(settings, "settings");
    this.root = requireNonNull(root, "root");
    this.set = requireNonNull(set, "set");
  }

  /**
   * Begins to write a shard; close it, whether it was committed or not.
   *
   * @param shard index in the plan
   * @param attemptId differs between two attempts at one shard: Spark's task attempt id
   * @param footer what the files' footers say
   */
  public ShardAttempt attempt(int shard, long attemptId, TableFooter footer) throws IOException {
    return new ShardAttempt(
        settings.configuration(), new Path(root), set, shard, attemptId, footer);
  }

  /** Shards that are done, ascending. Markers that are not whole do not count. */
  public Set<Integer> committed() throws IOException {
    return Collections.unmodifiableSet(committedMarkers().keySet());
  }

  /** What the markers say, by shard, ascending. */
  public SortedMap<Integer, ShardMarker> committedMarkers() throws IOException {
    Configuration hadoop = settings.configuration();
    SortedMap<Integer, ShardMarker> found = new TreeMap<>();
    for (Path file : markers(hadoop, new Path(root), set)) {
      JsonFile.readIfWhole(hadoop, file, ShardMarker.class)
          .ifPresent(marker -> found.put(marker.shard(), marker));
    }
    return Collections.unmodifiableSortedMap(found);
  }

  /** File of a shard in a table. */
  public static Path dataFile(Path root, Table table, int shard) {
    return new Path(root, table.folder() + "/part-" + digits(shard) + ".parquet");
  }

  static Path marker(Path root, ShardSet set, int shard) {
    return new Path(root, FOLDER + "/" + set.text() + "-" + digits(shard) + ".json");
  }

  static List<Path> markers(Configuration hadoop, Path root, ShardSet set) throws IOException {
    return list(hadoop, root).stream()
        .filter(file -> file.getName().startsWith(set.text() + "-"))
        .toList();
  }

  /** Removes markers of this set that are half written or whose files are gone. */
  static void sweep(Configuration hadoop, Path root, ShardSet set) throws IOException {
    FileSystem files = root.getFileSystem(hadoop);
    for (Path file : markers(hadoop, root, set)) {
      Optional<ShardMarker> marker = JsonFile.readIfWhole(hadoop, file, ShardMarker.class);
      if (marker.isEmpty() || !allThere(files, root, marker.get())) {
        StageSweep.delete(hadoop, file);
      }
    }
  }

  private static boolean allThere(FileSystem files, Path root, ShardMarker marker)
      throws IOException {
    for (String file : marker.files().keySet()) {
      if (!files.exists(new Path(root, file))) {
        return false;
      }
    }
    return true;
  }

  private static List<Path> list(Configuration hadoop, Path root) throws IOException {
    Path folder = new Path(root, FOLDER);
    try {
      FileStatus[] files = folder.getFileSystem(hadoop).listStatus(folder);
      return new ArrayList<>(Arrays.stream(files).map(FileStatus::getPath).sorted().toList());
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  private static String digits(int shard) {
    return String.format(Locale.ROOT, "%05d", shard);
  }
}

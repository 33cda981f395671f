package ai.icon.spark.run;

import ai.icon.spark.rows.Fence;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Whether a run folder holds what its records and markers name, and nothing else.
 *
 * @param orphans files that nothing in the folder accounts for, relative to it, by name
 * @param missing files that a marker names and that are not there, by name
 */
public record RunAudit(List<String> orphans, List<String> missing) {
  private static final Set<String> OWN =
      Set.of("manifest.json", "_icon/run.json", "_icon/settings.json", "_icon/status.json");
  private static final Pattern PART = Pattern.compile("part-\\d{5}\\.parquet");
  private static final Pattern SELECTOR = Pattern.compile("selector/(selector|report)\\.json");
  private static final Pattern ATTEMPT = Pattern.compile("_icon/attempts/[A-Za-z0-9][^/]*\\.json");
  private static final String LEASE = "_icon/lease/";

  /** Copies the lists. */
  public RunAudit {
    orphans = List.copyOf(orphans);
    missing = List.copyOf(missing);
  }

  /**
   * Looks through a run folder and changes nothing. Of a run that a driver is at, the files that it
   * is writing are orphans too; those that a killed one left are swept by the next.
   */
  public static RunAudit of(RunFolder folder) throws IOException {
    Set<String> found = files(folder);
    Known known = new Known(folder, found);
    Set<String> missing = new TreeSet<>(known.named);
    missing.removeAll(found);
    return new RunAudit(
        found.stream().filter(file -> !known.holds(file)).toList(), List.copyOf(missing));
  }

  /** Whether nothing is left over and nothing is lacking. */
  public boolean isClean() {
    return orphans.isEmpty() && missing.isEmpty();
  }

  private static Set<String> files(RunFolder folder) throws IOException {
    Set<String> names = new TreeSet<>();
    FileSystem files = folder.root().getFileSystem(folder.hadoop());
    int start = folder.root().toUri().getPath().length() + 1;
    try {
      RemoteIterator<LocatedFileStatus> all = files.listFiles(folder.root(), true);
      while (all.hasNext()) {
        names.add(all.next().getPath().toUri().getPath().substring(start));
      }
    } catch (FileNotFoundException e) {
      return Set.of();
    }
    return names;
  }

  /** What the state of the folder accounts for. */
  private static final class Known {
    private final RunFolder folder;
    private final Set<String> own = new TreeSet<>(OWN);
    private final Set<String> named = new TreeSet<>();
    private final Set<String> inShards = new TreeSet<>();
    private final Set<String> whole = new TreeSet<>();

    Known(RunFolder folder, Set<String> found) throws IOException {
      this.folder = folder;
      lease(found);
      for (StageName stage : StageName.values()) {
        stage(stage);
      }
    }

    boolean holds(String file) {
      String table = file.substring(0, Math.max(0, file.lastIndexOf('/')));
      String name = file.substring(file.lastIndexOf('/') + 1);
      boolean isPart =
          whole.contains(table) && !inShards.contains(table) && PART.matcher(name).matches();
      boolean isOfSelector = whole.contains("selector") && SELECTOR.matcher(file).matches();
      boolean isExport = whole.contains("export") && file.startsWith("export/");
      return own.contains(file)
          || named.contains(file)
          || isPart
          || isOfSelector
          || isExport
          || ATTEMPT.matcher(file).matches();
    }

    /** The highest epoch alone: every driver removes those before its own. */
    private void lease(Set<String> found) {
      found.stream()
          .filter(file -> file.startsWith(LEASE) && Fence.epoch(leaf(file)) > 0)
          .max((a, b) -> Long.compare(Fence.epoch(leaf(a)), Fence.epoch(leaf(b))))
          .ifPresent(own::add);
    }

    private void stage(StageName stage) throws IOException {
      boolean isDone = folder.record(stage).isPresent();
      if (!isDone && folder.inputs(stage).isEmpty()) {
        return;
      }
      own.add("_icon/stages/" + stage.text() + (isDone ? ".json" : ".started.json"));
      if (stage == StageName.SCORE && !isDone) {
        own.add("_icon/stages/score.weighing.json");
      }
      whole.addAll(stage.outputs());
      for (ShardSet set : ShardSet.of(stage)) {
        own.add("_icon/plan/" + set.text() + ".json");
        shards(set);
      }
    }

    private void shards(ShardSet set) throws IOException {
      Configuration hadoop = folder.hadoop();
      for (Path file : ShardCommit.markers(hadoop, folder.root(), set)) {
        Optional<ShardMarker> marker = JsonFile.readIfWhole(hadoop, file, ShardMarker.class);
        if (marker.isPresent()) {
          own.add("_icon/commits/" + file.getName());
          named.addAll(marker.get().files().keySet());
          marker.get().files().keySet().stream()
              .map(one -> one.substring(0, one.lastIndexOf('/')))
              .forEach(inShards::add);
        }
      }
    }

    private static String leaf(String file) {
      return file.substring(file.lastIndexOf('/') + 1);
    }
  }
}

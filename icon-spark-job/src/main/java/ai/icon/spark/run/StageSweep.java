package ai.icon.spark.run;

import ai.icon.spark.rows.Fence;
import ai.icon.spark.rows.WholeFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Clears a stage's folders of what killed attempts left there. */
final class StageSweep {
  private StageSweep() {}

  /**
   * Before a stage goes on: half-written files, and markers that are half or without their data.
   */
  static void halves(Configuration hadoop, Path root, StageName stage) throws IOException {
    for (ShardSet set : ShardSet.of(stage)) {
      ShardCommit.sweep(hadoop, root, set);
    }
    for (String output : stage.outputs()) {
      for (FileStatus file : list(hadoop, new Path(root, output))) {
        if (isHalf(file.getPath().getName())) {
          delete(hadoop, file.getPath());
        }
      }
    }
  }

  /**
   * Before a driver begins: what killed ones were writing, wherever it lies. Not the notes of
   * refused attempts and not the leases, which others may be writing now.
   */
  static void strays(Configuration hadoop, Path root) throws IOException {
    Stream<String> own = Stream.of(".", "_icon", "_icon/stages", "_icon/plan", "_icon/commits");
    Stream<String> outputs =
        Arrays.stream(StageName.values()).flatMap(stage -> stage.outputs().stream());
    for (String folder : Stream.concat(own, outputs).toList()) {
      for (FileStatus file : list(hadoop, new Path(root, folder))) {
        if (isHalf(file.getPath().getName())) {
          delete(hadoop, file.getPath());
        }
      }
    }
  }

  /** Before a stage is called whole: the halves again, and shards that no marker names. */
  static void orphans(Configuration hadoop, Path root, StageName stage) throws IOException {
    Set<String> named = new TreeSet<>();
    for (ShardSet set : ShardSet.of(stage)) {
      for (Path file : ShardCommit.markers(hadoop, root, set)) {
        JsonFile.readIfWhole(hadoop, file, ShardMarker.class)
            .ifPresent(marker -> named.addAll(marker.files().keySet()));
      }
    }
    for (String output : stage.outputs()) {
      boolean isInShards = named.stream().anyMatch(file -> file.startsWith(output + "/"));
      for (FileStatus file : list(hadoop, new Path(root, output))) {
        String name = file.getPath().getName();
        boolean isUnnamed = isInShards && !named.contains(output + "/" + name);
        if (isHalf(name) || isUnnamed) {
          delete(hadoop, file.getPath());
        }
      }
    }
  }

  /**
   * Removes a file or folder; nothing happens if there is none. Not of a run that was taken over:
   * what one driver knows nothing of may be what the next has just written.
   */
  static void delete(Configuration hadoop, Path path) throws IOException {
    Fence.check(hadoop);
    FileSystem files = path.getFileSystem(hadoop);
    if (!files.delete(path, true) && files.exists(path)) {
      throw new IOException("Cannot delete " + path);
    }
  }

  private static boolean isHalf(String name) {
    return WholeFile.isTmp(name) || name.equals("_temporary");
  }

  private static FileStatus[] list(Configuration hadoop, Path folder) throws IOException {
    try {
      return folder.getFileSystem(hadoop).listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }
}

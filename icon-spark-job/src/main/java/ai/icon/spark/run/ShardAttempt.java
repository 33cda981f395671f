package ai.icon.spark.run;

import ai.icon.spark.rows.FileCommit;
import ai.icon.spark.rows.ParquetTableWriter;
import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.TableFooter;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;

/**
 * One task's attempt at one shard: files are staged under names of its own, then put in place and
 * vouched for by one marker. Of several attempts at a shard one commits; the others are refused and
 * change nothing. For one thread.
 */
public final class ShardAttempt implements AutoCloseable {
  private final Configuration hadoop;
  private final Path root;
  private final ShardSet set;
  private final int shard;
  private final String attempt;
  private final ParquetTableWriter writer;
  private final FileCommit files;
  private final Map<Table, Staged> staged = new EnumMap<>(Table.class);

  ShardAttempt(
      Configuration hadoop, Path root, ShardSet set, int shard, long attemptId, TableFooter footer)
      throws IOException {
    this.hadoop = hadoop;
    this.root = root;
    this.set = set;
    this.shard = shard;
    this.attempt = Long.toString(attemptId);
    this.writer = new ParquetTableWriter(hadoop, footer);
    this.files = FileCommit.of(hadoop, root);
  }

  /** A file that is written and not yet in place. */
  private record Staged(Path file, long rows) {}

  /**
   * Writes this shard's rows of one table; nobody sees them before {@link #commit}.
   *
   * @return how many rows
   * @throws IllegalArgumentException if the stage does not write that table, or a row does not fit
   */
  public long write(Table table, Iterator<Row> rows) throws IOException {
    if (!set.stage().tables().contains(table) || staged.containsKey(table)) {
      throw new IllegalArgumentException(
          "Cannot write table %s in shard %d of stage %s: %s"
              .formatted(
                  table.text(),
                  shard,
                  set.stage().text(),
                  staged.containsKey(table) ? "it is written already" : "not one of its tables"));
    }
    Path file = files.staged(ShardCommit.dataFile(root, table, shard), attempt);
    long count = writer.stage(file, table, table.schema(), rows);
    staged.put(table, new Staged(file, count));
    return count;
  }

  /**
   * Puts the files in place and creates the marker.
   *
   * @param pairs pairs that were scored
   * @param tokens tokens that went through the model
   * @param seconds wall time
   * @return whether this attempt is the one that counts; false if another had committed
   */
  public boolean commit(long pairs, long tokens, double seconds) throws IOException {
    Path marker = ShardCommit.marker(root, set, shard);
    if (isWhole(marker)) {
      return false;
    }
    SortedMap<String, Long> named = new TreeMap<>();
    long rows = 0;
    for (Map.Entry<Table, Staged> entry : staged.entrySet()) {
      Path target = ShardCommit.dataFile(root, entry.getKey(), shard);
      // Two attempts that come here together write the same rows: either may win.
      files.publish(entry.getValue().file(), target);
      named.put(entry.getKey().folder() + "/" + target.getName(), entry.getValue().rows());
      rows += entry.getValue().rows();
    }
    staged.clear();
    return create(marker, new ShardMarker(shard, named, rows, pairs, tokens, seconds));
  }

  /** Removes what was staged and not committed. */
  @Override
  public void close() throws IOException {
    for (Staged each : staged.values()) {
      files.discard(each.file());
    }
    staged.clear();
  }

  private boolean create(Path marker, ShardMarker content) throws IOException {
    byte[] bytes = JsonFile.bytes(content);
    if (files.createIfAbsent(marker, bytes)) {
      return true;
    }
    if (isWhole(marker)) {
      return false;
    }
    files.put(marker, bytes); // its writer was killed over it
    return true;
  }

  private boolean isWhole(Path marker) throws IOException {
    Optional<ShardMarker> found = JsonFile.readIfWhole(hadoop, marker, ShardMarker.class);
    return found.isPresent();
  }
}

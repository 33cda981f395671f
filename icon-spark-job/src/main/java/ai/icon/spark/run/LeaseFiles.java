package ai.icon.spark.run;

import ai.icon.spark.rows.Fence;
import ai.icon.spark.rows.FileCommit;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The files of a run folder's lease; one is left when nobody interferes. */
final class LeaseFiles {
  private static final String PROBE = "_now.";

  /** The name that a lease is written under first: {@link ai.icon.spark.rows.WholeFile#tmp}. */
  private static final Pattern HALF = Pattern.compile("_tmp\\.(\\d{8,18}\\.json)\\..*");

  private final Configuration hadoop;
  private final Path folder;

  LeaseFiles(Configuration hadoop, Path root) {
    this.hadoop = hadoop;
    this.folder = new Path(root, "_icon/lease");
  }

  Path folder() {
    return folder;
  }

  /** The highest epoch that anybody ever asked for; 0 before the first. */
  long lastEpoch() throws IOException {
    return files().stream().mapToLong(file -> Fence.epoch(file.getName())).max().orElse(0);
  }

  /** The lease of an epoch; empty if there is none or it is half written. */
  Optional<Lease> read(long epoch) throws IOException {
    Optional<Lease> lease = JsonFile.readIfWhole(hadoop, file(epoch), Lease.class);
    if (lease.isPresent()) {
      return lease;
    }
    return JsonFile.readIfWhole(hadoop, releasedFile(epoch), Lease.class)
        .map(one -> one.released(Instant.parse(one.updated())));
  }

  /** The lease that counts; empty if there is none or it is half written. */
  Optional<Lease> last() throws IOException {
    long epoch = lastEpoch();
    return epoch == 0 ? Optional.empty() : read(epoch);
  }

  /** When a lease was last written, milliseconds by the clock of the file system. */
  long modified(long epoch) throws IOException {
    return files(file(epoch)).getFileStatus(file(epoch)).getModificationTime();
  }

  /** The file system's own time, milliseconds; found by writing. */
  long now() throws IOException {
    Path probe = new Path(folder, PROBE + UUID.randomUUID()); // others may be waiting as well
    FileCommit.of(hadoop, probe).put(probe, new byte[] {'\n'});
    FileStatus status = files(probe).getFileStatus(probe);
    files(probe).delete(probe, false);
    return status.getModificationTime();
  }

  boolean create(Lease lease) throws IOException {
    Path file = file(lease.epoch());
    return FileCommit.of(hadoop, file).createIfAbsent(file, JsonFile.bytes(lease));
  }

  void write(Lease lease) throws IOException {
    JsonFile.write(hadoop, file(lease.epoch()), lease);
  }

  /** Lets a lease go, on a full disk too: a file can be renamed where none can be written. */
  void release(Lease lease) throws IOException {
    try {
      write(lease.released(Instant.now()));
    } catch (IOException | RuntimeException e) {
      Path file = file(lease.epoch());
      if (!files(file).rename(file, releasedFile(lease.epoch()))) {
        throw e;
      }
    }
  }

  /** Whether a file that is created if absent is the creator's for sure. */
  boolean isExclusive() throws IOException {
    return FileCommit.of(hadoop, folder).isExclusive();
  }

  /** Removes all earlier ones, and what their drivers were killed over. */
  void deleteBefore(long epoch) throws IOException {
    for (FileStatus status : files(folder).listStatus(folder)) {
      Path file = status.getPath();
      Matcher half = HALF.matcher(file.getName());
      long of = half.matches() ? Fence.epoch(half.group(1)) : Fence.epoch(file.getName());
      boolean isProbe = file.getName().startsWith(PROBE); // who still waits looks again
      if (isProbe || (of > 0 && of < epoch)) {
        files(file).delete(file, false);
      }
    }
  }

  private List<Path> files() throws IOException {
    try {
      return Arrays.stream(files(folder).listStatus(folder))
          .map(FileStatus::getPath)
          .filter(file -> Fence.epoch(file.getName()) > 0)
          .sorted(Comparator.comparing(Path::getName))
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  private Path file(long epoch) {
    return new Path(folder, String.format(Locale.ROOT, "%08d.json", epoch));
  }

  private Path releasedFile(long epoch) {
    return new Path(folder, String.format(Locale.ROOT, "%08d.released", epoch));
  }

  private FileSystem files(Path path) throws IOException {
    return path.getFileSystem(hadoop);
  }
}

package ai.icon.spark.rows;

import ai.icon.error.ResourceError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Keeps a driver whose run folder was taken over, and its tasks, from putting anything into it. It
 * travels with the settings of the file systems, so that whoever writes with them is held to it.
 */
public final class Fence {
  private static final String FOLDER = "icon.fence.folder";
  private static final String EPOCH = "icon.fence.epoch";
  private static final Pattern LEASE = Pattern.compile("(\\d{8,18})\\.(json|released)");

  private Fence() {}

  /**
   * Holds all who write with these settings to an epoch.
   *
   * @param leases the folder in which drivers put their leases, a file {@code EPOCH.json} each, or
   *     {@code EPOCH.released}
   * @return a changed copy
   */
  public static Configuration settings(Configuration hadoop, Path leases, long epoch) {
    Configuration copy = new Configuration(hadoop);
    copy.set(FOLDER, leases.toString());
    copy.setLong(EPOCH, epoch);
    return copy;
  }

  /** The epoch that a lease's file name tells; 0 if it is none. */
  public static long epoch(String name) {
    var lease = LEASE.matcher(name);
    return lease.matches() ? Long.parseLong(lease.group(1)) : 0;
  }

  /**
   * Refuses to go on where a later driver has come; does nothing with settings that know no epoch.
   *
   * @throws ResourceError if there is a higher epoch, or the folder was removed
   */
  public static void check(Configuration hadoop) throws IOException {
    String folder = hadoop.get(FOLDER, "");
    if (folder.isEmpty()) {
      return;
    }
    Path leases = new Path(folder);
    try {
      for (FileStatus file : leases.getFileSystem(hadoop).listStatus(leases)) {
        if (epoch(file.getPath().getName()) > hadoop.getLong(EPOCH, 0)) {
          throw lost(leases.getParent().getParent());
        }
      }
    } catch (FileNotFoundException e) {
      throw removed(leases.getParent().getParent());
    }
  }

  /** Says that somebody took the folder away: no setting was wrong, and another try may succeed. */
  public static ResourceError removed(Path run) {
    return new ResourceError(
        "Cannot go on with run " + run + ": its folder was removed while it ran",
        "See who removes it, then run the same command again: it begins anew");
  }

  /** Says that another driver has the run now. */
  public static ResourceError lost(Path run) {
    return new ResourceError(
        "Cannot go on with run " + run + ": another driver has taken it over",
        "Let that one finish: icon status --out " + run + " says how it stands");
  }
}

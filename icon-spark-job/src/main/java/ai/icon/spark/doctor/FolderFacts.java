package ai.icon.spark.doctor;

import static java.util.Objects.requireNonNull;

import java.io.File;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The run folder before it is made.
 *
 * @param place as it was given; empty if none was
 * @param isLocal whether it is known to lie on the driver's own disk: only there can rights be told
 * @param isWritable whether it, or the nearest folder above it that exists, can be written
 * @param freeBytes left on that disk; {@link Long#MAX_VALUE} where it is not local
 */
record FolderFacts(String place, boolean isLocal, boolean isWritable, long freeBytes) {
  FolderFacts {
    requireNonNull(place, "place");
  }

  /**
   * Looks at a place without reaching for any other machine.
   *
   * @param hadoop says where a place without a scheme lies
   */
  static FolderFacts of(String place, Configuration hadoop) {
    if (place.isEmpty() || !scheme(place, hadoop).equals("file")) {
      return new FolderFacts(place, false, true, Long.MAX_VALUE);
    }
    File folder = new File(new Path(place).toUri().getPath()).getAbsoluteFile();
    while (!folder.exists() && folder.getParentFile() != null) {
      folder = folder.getParentFile();
    }
    return new FolderFacts(place, true, folder.canWrite(), folder.getUsableSpace());
  }

  /** That of the default file system where the place names none; empty if that cannot be told. */
  private static String scheme(String place, Configuration hadoop) {
    try {
      String own = new Path(place).toUri().getScheme();
      return String.valueOf(own == null ? FileSystem.getDefaultUri(hadoop).getScheme() : own);
    } catch (IllegalArgumentException e) { // The run itself says what is wrong with it.
      return "";
    }
  }
}

package ai.icon.spark.doctor;

import static java.util.Objects.requireNonNull;

import java.io.File;
import org.apache.hadoop.fs.Path;

/**
 * The run folder before it is made.
 *
 * @param place as it was given; empty if none was
 * @param isLocal whether it lies on the driver's own disk, as far as its name tells
 * @param isWritable whether it, or the nearest folder above it that exists, can be written
 * @param freeBytes left on that disk; {@link Long#MAX_VALUE} where it is not local
 */
record FolderFacts(String place, boolean isLocal, boolean isWritable, long freeBytes) {
  FolderFacts {
    requireNonNull(place, "place");
  }

  static FolderFacts of(String place) {
    if (place.isEmpty()) {
      return new FolderFacts(place, false, true, Long.MAX_VALUE);
    }
    String scheme = new Path(place).toUri().getScheme();
    if (scheme != null && !scheme.equals("file")) {
      return new FolderFacts(place, false, true, Long.MAX_VALUE);
    }
    File folder = new File(new Path(place).toUri().getPath()).getAbsoluteFile();
    while (!folder.exists() && folder.getParentFile() != null) {
      folder = folder.getParentFile();
    }
    return new FolderFacts(place, true, folder.canWrite(), folder.getUsableSpace());
  }
}

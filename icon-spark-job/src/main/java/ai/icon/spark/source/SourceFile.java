package ai.icon.spark.source;

import java.io.Serializable;
import org.apache.hadoop.fs.FileStatus;

/**
 * One file of a source.
 *
 * @param name as rows and messages carry it: a plain path where it is local, else a URI
 * @param location the whole URI, by which it is opened on any machine whatever its default is
 * @param bytes size
 * @param modified last change in milliseconds since 1970
 */
public record SourceFile(String name, String location, long bytes, long modified)
    implements Serializable {

  static SourceFile of(FileStatus status) {
    boolean isLocal = "file".equals(status.getPath().toUri().getScheme());
    String location = status.getPath().toString();
    return new SourceFile(
        isLocal ? status.getPath().toUri().getPath() : location,
        location,
        status.getLen(),
        status.getModificationTime());
  }

  /** What a fingerprint takes of it: a file that was changed since is another input. */
  String identity() {
    return name + " " + bytes + " bytes, " + modified;
  }
}

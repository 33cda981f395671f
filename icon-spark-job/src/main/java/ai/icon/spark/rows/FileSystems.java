package ai.icon.spark.rows;

import ai.icon.error.ResourceError;
import ai.icon.error.UserError;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.VersionInfo;

/** Opens Hadoop file systems; one whose jar is missing is told with the jar that brings it. */
public final class FileSystems {
  private static final String OF_HADOOP = "org.apache.hadoop:";
  private static final Map<String, String> ARTIFACTS =
      Map.of(
          "s3a", OF_HADOOP + "hadoop-aws:" + VersionInfo.getVersion(),
          "abfs", OF_HADOOP + "hadoop-azure:" + VersionInfo.getVersion(),
          "abfss", OF_HADOOP + "hadoop-azure:" + VersionInfo.getVersion(),
          "wasb", OF_HADOOP + "hadoop-azure:" + VersionInfo.getVersion(),
          "wasbs", OF_HADOOP + "hadoop-azure:" + VersionInfo.getVersion(),
          "gs", "com.google.cloud.bigdataoss:gcs-connector:hadoop3-2.2.26");

  private FileSystems() {}

  /**
   * The file system that a path names.
   *
   * @throws UserError if its scheme has none here, with the cure
   * @throws ResourceError if its host is not known
   * @throws IOException if it does not answer
   */
  public static FileSystem of(Path path, Configuration hadoop) throws IOException {
    try {
      return path.getFileSystem(hadoop);
    } catch (UnsupportedFileSystemException e) {
      throw missing(path, e);
    } catch (NoClassDefFoundError e) { // The file system is there; what it needs is not.
      throw missing(path, e);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof ClassNotFoundException) {
        throw missing(path, e);
      }
      if (e.getCause() instanceof UnknownHostException host) { // That is how HDFS says it.
        throw unreachable(path, host);
      }
      throw e;
    }
  }

  /** Whether nobody answers where the file system should be: no setting of the run mends that. */
  public static boolean isUnreachable(IOException failure) {
    return failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof SocketTimeoutException
        || failure instanceof UnknownHostException;
  }

  /** What to tell of it. */
  public static ResourceError unreachable(Path path, IOException failure) {
    return new ResourceError(
        "Cannot reach the file system of "
            + path
            + ": "
            + String.valueOf(failure.getMessage()).lines().findFirst().orElse("")
            + ".",
        "Check that it runs and that this machine reaches it, then run the same command again.",
        failure);
  }

  private static UserError missing(Path path, Throwable cause) {
    String scheme = String.valueOf(path.toUri().getScheme());
    return new UserError(
        "Cannot read "
            + path
            + ": no file system for "
            + scheme
            + ":// is on the class path ("
            + cause.getMessage()
            + ").",
        cure(scheme),
        cause);
  }

  private static String cure(String scheme) {
    if (scheme.equals("s3") || scheme.equals("s3n")) {
      return "Write s3a:// in place of " + scheme + "://, unless the cluster brings its own.";
    }
    String artifact = ARTIFACTS.get(scheme);
    return artifact == null
        ? "Check the scheme, or put the jar of its file system into the jars folder of Spark."
        : "Give --packages "
            + artifact
            + " to spark-submit, or put that jar and those that it needs into the jars folder of"
            + " Spark.";
  }
}

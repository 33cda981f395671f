package ai.icon.spark.ml;

import ai.icon.spark.config.Setting;
import ai.icon.spark.run.StageInputs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Where a run works, and what of the caller's memory is kept there.
 *
 * @param hadoop the session's file system settings
 * @param folder the run folder
 */
record LibraryFolder(Configuration hadoop, String folder) {

  /** The caller's folder, or one of the application that is named by all that goes into the run. */
  static LibraryFolder of(
      SparkSession spark, Map<Setting, String> settings, List<String> assessed, String pool) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    String named = settings.getOrDefault(Setting.RUN_OUT, "");
    if (!named.isEmpty()) {
      return new LibraryFolder(hadoop, named);
    }
    Map<String, String> inputs = new TreeMap<>();
    settings.forEach((setting, value) -> inputs.put(setting.key(), value));
    inputs.remove(Setting.SELECTION_BUDGET.key()); // another budget cuts the same ranking
    inputs.put("assessed", digest(assessed));
    inputs.put("pool", pool);
    return new LibraryFolder(
        hadoop, temporary(spark, hadoop, StageInputs.of(inputs).fingerprint()));
  }

  private static String temporary(SparkSession spark, Configuration hadoop, String name) {
    try {
      FileSystem files = FileSystem.get(hadoop);
      boolean isLocal = files.getUri().getScheme().equals("file");
      Path above = new Path(isLocal ? System.getProperty("java.io.tmpdir") : "/tmp");
      Path mine =
          files.makeQualified(new Path(above, "icon-" + spark.sparkContext().applicationId()));
      files.mkdirs(mine);
      files.deleteOnExit(mine);
      return new Path(mine, name).toString();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a temporary run folder: " + e.getMessage(), e);
    }
  }

  /**
   * Assessed examples as a file of the run folder, written once: its time of change is a part of
   * what a stage depends on.
   */
  String assessmentFile(List<String> rows) {
    Path file = new Path(folder, "_icon/given/assessment-" + digest(rows) + ".jsonl");
    try {
      FileSystem files = file.getFileSystem(hadoop);
      if (!files.exists(file)) {
        Path unfinished = file.suffix(".tmp");
        try (OutputStream out = files.create(unfinished, true)) {
          out.write((String.join("\n", rows) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        files.rename(unfinished, file);
      }
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static String digest(List<String> rows) {
    ContentDigest digest = new ContentDigest();
    rows.forEach(digest::add);
    return digest.hex();
  }
}

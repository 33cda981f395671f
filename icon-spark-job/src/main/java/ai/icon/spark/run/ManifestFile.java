package ai.icon.spark.run;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The manifest at the top of a run folder: what went in, what came out. */
public final class ManifestFile {
  private final Configuration hadoop;
  private final Path path;

  ManifestFile(Configuration hadoop, Path root) {
    this.hadoop = hadoop;
    this.path = new Path(root, "manifest.json");
  }

  /** Where it lies. */
  public Path path() {
    return path;
  }

  /**
   * Writes it whole; an old one is replaced.
   *
   * @param content maps, lists, texts, numbers and truth values; keys are written in the order in
   *     which the maps give them, so the caller's maps must have one
   */
  public void write(Map<String, ?> content) throws IOException {
    JsonFile.write(hadoop, path, content);
  }

  /** What it says, keys in the file's order; empty if there is none yet. */
  @SuppressWarnings("unchecked") // a JSON object is a map from text
  public Optional<Map<String, Object>> read() throws IOException {
    return JsonFile.read(hadoop, path, Map.class).map(map -> (Map<String, Object>) map);
  }
}

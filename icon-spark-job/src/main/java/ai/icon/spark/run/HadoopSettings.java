package ai.icon.spark.run;

import ai.icon.spark.rows.WholeFile;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** Hadoop's settings in a form that travels to executors; Configuration itself does not. */
public final class HadoopSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TreeMap<String, String> entries = new TreeMap<>();

  /**
   * @param hadoop copied entry by entry
   */
  public HadoopSettings(Configuration hadoop) {
    for (Map.Entry<String, String> entry : hadoop) {
      entries.put(entry.getKey(), entry.getValue());
    }
  }

  /** A new configuration with the same entries, fit to write with: {@link WholeFile#settings}. */
  public Configuration configuration() {
    Configuration hadoop = new Configuration(false);
    entries.forEach(hadoop::set);
    return WholeFile.settings(hadoop);
  }
}

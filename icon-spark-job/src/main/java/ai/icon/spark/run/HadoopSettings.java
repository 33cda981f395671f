package ai.icon.spark.run;

import ai.icon.spark.rows.WholeFile;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** Hadoop's settings in a form that travels to executors; Configuration itself does not. */
public final class HadoopSettings implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String SPARK = "spark.hadoop.";

  private final TreeMap<String, String> entries = new TreeMap<>();

  /**
   * @param hadoop copied entry by entry
   */
  public HadoopSettings(Configuration hadoop) {
    for (Map.Entry<String, String> entry : hadoop) {
      entries.put(entry.getKey(), entry.getValue());
    }
  }

  /**
   * The settings of this process, where no Spark was started: Hadoop's files on the class path,
   * then {@code spark.hadoop.*} among the system's properties, where spark-submit puts them, and
   * among some settings of Spark.
   */
  public static Configuration ofProcess(Map<String, String> sparkSettings) {
    Configuration hadoop = new Configuration();
    Map<String, String> settings = new TreeMap<>();
    System.getProperties()
        .stringPropertyNames()
        .forEach(name -> settings.put(name, System.getProperty(name, "")));
    settings.putAll(sparkSettings);
    settings.forEach(
        (name, value) -> {
          if (name.startsWith(SPARK)) {
            hadoop.set(name.substring(SPARK.length()), value);
          }
        });
    return WholeFile.settings(hadoop);
  }

  /** A new configuration with the same entries, fit to write with: {@link WholeFile#settings}. */
  public Configuration configuration() {
    Configuration hadoop = new Configuration(false);
    entries.forEach(hadoop::set);
    return WholeFile.settings(hadoop);
  }
}

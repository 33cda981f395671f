package ai.icon.spark;

import org.apache.spark.sql.SparkSession;

/** A small Spark in the tests' own process. */
public final class LocalSpark {
  private LocalSpark() {}

  /** Two task slots, no web interface; settings as key, value, key, value. */
  public static SparkSession open(String... settings) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1");
    for (int i = 0; i < settings.length; i += 2) {
      builder.config(settings[i], settings[i + 1]);
    }
    return builder.getOrCreate();
  }
}

package ai.icon.spark.stage;

import static java.util.Objects.requireNonNull;

import ai.icon.spark.config.RunConfig;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.progress.ProgressChannel;
import ai.icon.spark.progress.ScoringProgress;
import ai.icon.spark.rows.Table;
import ai.icon.spark.rows.TableFooter;
import ai.icon.spark.rows.Tables;
import ai.icon.spark.run.HadoopSettings;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.StageName;
import ai.icon.spark.source.Sources;
import java.io.IOException;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What every stage works with; lives on the driver.
 *
 * @param spark the caller's session, never stopped here
 * @param config what is to be done
 * @param folder where it is done
 * @param model which model, for the executors
 * @param footer what every Parquet file says of its origin
 * @param hadoop file system settings, for the executors
 * @param sources finds and reads pool and assessment set
 * @param progress live figures
 */
record StageContext(
    SparkSession spark,
    RunConfig config,
    RunFolder folder,
    ModelKey model,
    TableFooter footer,
    HadoopSettings hadoop,
    Sources sources,
    ScoringProgress progress) {
  /** Spark's key for the name of a thread's jobs. */
  static final String DESCRIPTION = "spark.job.description";

  StageContext {
    requireNonNull(spark, "spark");
    requireNonNull(config, "config");
    requireNonNull(folder, "folder");
    requireNonNull(model, "model");
    requireNonNull(footer, "footer");
    requireNonNull(hadoop, "hadoop");
    requireNonNull(sources, "sources");
    requireNonNull(progress, "progress");
  }

  JavaSparkContext java() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  /** Where a table lies. */
  Path path(Table table) {
    return folder.table(table);
  }

  /** A table of this run. */
  Dataset<Row> read(Table table) {
    return Tables.read(spark, path(table), table);
  }

  JavaRDD<Row> rows(Table table) {
    return read(table).javaRDD();
  }

  /**
   * Does work on the executors while the console follows it.
   *
   * @param task a word or two
   * @param pairs all there is to do
   */
  <T> T followed(String task, long pairs, Supplier<T> work) {
    ProgressChannel.Listening listening =
        ProgressChannel.listen(delta -> progress.step(delta.pairs(), delta.tokens()));
    progress.start(task, pairs);
    ProgressChannel.begin(pairs);
    try {
      return work.get();
    } finally {
      progress.done();
      listening.close();
    }
  }

  /** Names the jobs of this thread in Spark's web interface until they get another name. */
  void describe(String jobs) {
    java().setLocalProperty(DESCRIPTION, "icon " + jobs);
  }

  /** What a finished stage counted. */
  long count(StageName stage, String name) throws IOException {
    return folder.record(stage).orElseThrow().counts().get(name);
  }
}

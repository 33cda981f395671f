package ai.icon.spark.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Something that is measured in a Spark session. */
@FunctionalInterface
public interface Benchmark {
  /**
   * Measures.
   *
   * @param spark the caller's session
   * @param work an empty folder of the local disk for what is made on the way
   * @param lines gets figures for people as they come
   * @return all figures; the caller prints them as one line
   * @throws IllegalStateException if two ways to one result differ
   */
  ObjectNode run(SparkSession spark, Path work, PrintStream lines) throws IOException;
}

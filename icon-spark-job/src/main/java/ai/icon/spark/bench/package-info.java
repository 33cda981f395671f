/** Benchmarks that need Spark: each measures one promise and ends with one JSON line. */
package ai.icon.spark.bench;

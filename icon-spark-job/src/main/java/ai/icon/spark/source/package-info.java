/**
 * Where samples and assessed examples are read from: files of any Hadoop file system, folders of
 * Parquet, tables of Spark's catalogue; and what a fingerprint takes of each.
 */
package ai.icon.spark.source;

/**
 * Tables of a run folder: their columns, how they are written whole or not at all, and how they are
 * read back. The only place where column names and Spark schemas stand.
 */
package ai.icon.spark.rows;

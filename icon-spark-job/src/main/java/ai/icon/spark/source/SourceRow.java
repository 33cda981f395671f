package ai.icon.spark.source;

import java.io.Serializable;

/**
 * One row of a Parquet source or a table.
 *
 * @param part which file of its source, from 0; 0 for a table
 * @param line its place in that file, from 1; of a table, its place among the rows in the order of
 *     their JSON text, so that neither depends on how Spark divides the work
 * @param json its columns as a JSON object, without those that are null
 */
public record SourceRow(int part, long line, String json) implements Serializable {}

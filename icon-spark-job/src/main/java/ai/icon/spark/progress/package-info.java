/**
 * Live figures: the console while scoring, messages from tasks inside a shard, Spark UI metrics and
 * the final table.
 */
package ai.icon.spark.progress;

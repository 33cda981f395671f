/**
 * The run folder: what lies where, which stage is done with which inputs, which shards are
 * committed, and how the run stands.
 */
package ai.icon.spark.run;

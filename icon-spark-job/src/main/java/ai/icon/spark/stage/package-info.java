/** The stages, each reading and writing tables of the run folder, in the order of the data. */
package ai.icon.spark.stage;

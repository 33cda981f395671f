/**
 * Settings: one checked record tree, layered from the packed defaults, the run folder, a file and
 * the command line.
 */
package ai.icon.spark.config;

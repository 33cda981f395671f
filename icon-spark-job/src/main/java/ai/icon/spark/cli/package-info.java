/**
 * The command line: one class per command. Parses, calls {@link ai.icon.spark.cli.Commands}, maps
 * errors to exit codes; computes nothing.
 */
package ai.icon.spark.cli;

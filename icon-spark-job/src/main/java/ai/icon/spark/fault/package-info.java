/**
 * Kills runs at random moments, executors and drivers, and holds what is left against an
 * undisturbed run.
 */
package ai.icon.spark.fault;

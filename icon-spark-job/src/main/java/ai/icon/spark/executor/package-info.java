/** What an executor holds: one model per device and JVM, shared by its tasks. */
package ai.icon.spark.executor;

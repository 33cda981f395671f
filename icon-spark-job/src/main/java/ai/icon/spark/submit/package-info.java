/**
 * What {@code submit/icon} hands to {@code spark-submit}: the command line split into Spark's
 * options and the job's, and how a driver that runs elsewhere is asked how it ended.
 */
package ai.icon.spark.submit;

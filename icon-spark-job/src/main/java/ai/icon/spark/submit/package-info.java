/**
 * What {@code submit/icon} hands to {@code spark-submit}: the command line split into Spark's
 * options and the job's, and the receipt by which a driver that runs elsewhere says how it ended.
 */
package ai.icon.spark.submit;

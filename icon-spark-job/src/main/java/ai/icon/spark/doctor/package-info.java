/**
 * What would hang, die or silently go wrong later, found in the first seconds of a run: checks are
 * pure functions over gathered facts, and each names its cure.
 */
package ai.icon.spark.doctor;

package ai.icon.spark.progress;

import java.io.Serializable;

/**
 * The message from executor to driver.
 *
 * @param executor Spark's name of it; {@code driver} in local mode
 * @param work done since its last message
 * @param memory its peaks so far
 */
record ExecutorReport(String executor, ProgressDelta work, ProcessMemory memory)
    implements Serializable {}

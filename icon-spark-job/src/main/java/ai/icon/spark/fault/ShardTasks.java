package ai.icon.spark.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What a {@link ShardTaskLog} says.
 *
 * @param events in the order in which they were noted
 */
record ShardTasks(List<Event> events) {
  ShardTasks {
    events = List.copyOf(events);
  }

  /**
   * One line of the log.
   *
   * @param what it says of the task
   * @param executor Spark's id of it
   * @param task stage and index, joined by a dot
   * @param isTwin whether it is a speculative copy
   */
  record Event(String what, String executor, String task, boolean isTwin) {}

  /** Reads a log that may be missing or end in half a line. */
  static ShardTasks of(Path log) throws IOException {
    String text;
    try {
      text = Files.readString(log);
    } catch (NoSuchFileException e) {
      return new ShardTasks(List.of());
    }
    return new ShardTasks(
        text.substring(0, text.lastIndexOf('\n') + 1)
            .lines()
            .map(line -> line.split(" ", -1))
            .map(word -> new Event(word[0], word[1], word[2], word[3].equals("twin")))
            .toList());
  }

  /** Tasks that were started. */
  long started() {
    return count(ShardTaskLog.STARTED);
  }

  /** Tasks that were started on an executor and did not come to an end that counts. */
  long unfinished(String executor) {
    List<Event> there = events.stream().filter(one -> one.executor().equals(executor)).toList();
    ShardTasks tasks = new ShardTasks(there);
    return tasks.started() - tasks.count(ShardTaskLog.DONE);
  }

  /** Tasks that have not ended, on all executors but some. */
  long runningBut(Set<String> executors) {
    ShardTasks others =
        new ShardTasks(events.stream().filter(one -> !executors.contains(one.executor())).toList());
    return others.started() - others.count(ShardTaskLog.DONE) - others.count(ShardTaskLog.LOST);
  }

  /** Tasks that were started as copies of slow ones. */
  long twins() {
    return events.stream()
        .filter(one -> one.isTwin() && one.what().equals(ShardTaskLog.STARTED))
        .count();
  }

  private long count(String what) {
    return events.stream().filter(one -> one.what().equals(what)).count();
  }
}

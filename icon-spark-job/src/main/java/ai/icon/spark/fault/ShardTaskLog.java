package ai.icon.spark.fault;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Notes when the task of a shard starts and ends, a line each, at once: a driver that is killed has
 * told what was in flight. Spark makes it in the driver, by {@code spark.extraListeners}.
 */
public final class ShardTaskLog extends SparkListener {
  /** The setting of Spark that names the file, which is appended to. */
  static final String FILE = "spark.icon.fault.taskLog";

  static final String STARTED = "started";
  static final String DONE = "done";
  static final String LOST = "lost";

  /** The jobs that run shards, by the place in the code that Spark names them after. */
  private static final Pattern SHARDS =
      Pattern.compile("(collect|count) at (ShardJob|Predictions)\\.java:\\d+");

  private final Path file;
  private final Set<Integer> stages = new HashSet<>();

  /** Spark calls this one. */
  public ShardTaskLog(SparkConf conf) {
    this.file = Path.of(requireNonNull(conf, "conf").get(FILE));
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    if (SHARDS.matcher(submitted.stageInfo().name()).matches()) {
      stages.add(submitted.stageInfo().stageId());
    }
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart start) {
    if (stages.contains(start.stageId())) {
      write(
          STARTED,
          start.taskInfo().executorId(),
          start.stageId() + "." + start.taskInfo().index(),
          start.taskInfo().speculative());
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (stages.contains(end.stageId())) {
      write(
          end.taskInfo().successful() ? DONE : LOST,
          end.taskInfo().executorId(),
          end.stageId() + "." + end.taskInfo().index(),
          end.taskInfo().speculative());
    }
  }

  private void write(String what, String executor, String task, boolean isTwin) {
    String line = String.join(" ", what, executor, task, isTwin ? "twin" : "first") + "\n";
    try {
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot note a task in " + file, e);
    }
  }
}

package ai.icon.spark.progress;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers what the tasks of one executor report and sends it on at most every 500 ms. */
final class ProgressExecutorPlugin implements ExecutorPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressExecutorPlugin.class);
  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(500);

  private PluginContext context;
  private ProgressDelta done = ProgressDelta.NONE;
  private ProgressDelta unsent = ProgressDelta.NONE;
  private long sent = System.nanoTime() - INTERVAL;

  @Override
  public void init(PluginContext pluginContext, Map<String, String> conf) {
    this.context = pluginContext;
    // Now: Spark takes up what is registered when this returns, and nothing that comes later.
    RunFigures.register(context.metricRegistry(), "", this::done);
    ProgressChannel.opened(this);
  }

  synchronized void add(ProgressDelta delta) {
    done = done.plus(delta);
    unsent = unsent.plus(delta);
    if (isDue()) {
      flush();
    }
  }

  private synchronized ProgressDelta done() {
    return done;
  }

  private boolean isDue() {
    return System.nanoTime() - sent >= INTERVAL;
  }

  @Override
  public void onTaskSucceeded() {
    flush();
  }

  @Override
  public void onTaskFailed(TaskFailedReason reason) {
    flush();
  }

  @Override
  public void shutdown() {
    ProgressChannel.shut();
  }

  private synchronized void flush() {
    if (unsent.equals(ProgressDelta.NONE) && !isDue()) {
      return;
    }
    try {
      context.send(new ExecutorReport(context.executorID(), unsent, ProcessMemory.ofThisProcess()));
      unsent = ProgressDelta.NONE;
    } catch (IOException e) {
      LOG.debug("Progress waits for the next message", e); // a bar is no reason to fail a task
    }
    sent = System.nanoTime();
  }
}

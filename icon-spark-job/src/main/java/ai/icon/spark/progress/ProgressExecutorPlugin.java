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
  private long pairs;
  private long tokens;
  private long sent = System.nanoTime() - INTERVAL;

  @Override
  public void init(PluginContext pluginContext, Map<String, String> conf) {
    this.context = pluginContext;
    ProgressChannel.opened(this);
  }

  synchronized void add(ProgressDelta delta) {
    pairs += delta.pairs();
    tokens += delta.tokens();
    context.metricRegistry().counter("pairs").inc(delta.pairs());
    context.metricRegistry().counter("tokens").inc(delta.tokens());
    if (System.nanoTime() - sent >= INTERVAL) {
      flush();
    }
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
    if (pairs == 0 && tokens == 0) {
      return;
    }
    try {
      context.send(new ProgressDelta(pairs, tokens));
      pairs = 0;
      tokens = 0;
    } catch (IOException e) {
      LOG.debug("Progress waits for the next message", e); // a bar is no reason to fail a task
    }
    sent = System.nanoTime();
  }
}

package ai.icon.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.LocalSpark;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class ProgressPluginIT {
  private static final AtomicLong PAIRS = new AtomicLong();
  private static final AtomicLong TOKENS = new AtomicLong();
  private static final AtomicLong MESSAGES = new AtomicLong();
  private static final CountDownLatch HEARD = new CountDownLatch(1);

  @Test
  void theDriverHearsOfWorkWhileTheTaskStillRuns() throws InterruptedException {
    SparkSession spark = LocalSpark.open("spark.plugins", ProgressPlugin.class.getName());
    try (JavaSparkContext context = new JavaSparkContext(spark.sparkContext())) {
      try (ProgressChannel.Listening listening = ProgressChannel.listen(ProgressPluginIT::hear)) {
        assertThat(listening).isNotNull();
        assertThat(work(context)).containsExactly(true, true);
        for (int i = 0; i < 200 && PAIRS.get() < 400; i++) {
          Thread.sleep(50);
        }
      }
      assertThat(PAIRS).hasValue(400);
      assertThat(TOKENS).hasValue(6000);
      assertThat(MESSAGES.get()).as("not a message a report").isLessThan(20);
      ProgressChannel.deliver(
          new ExecutorReport("driver", ProgressDelta.of(1, 1), new ProcessMemory(1, 1)));
      assertThat(PAIRS).as("nothing after the listener left").hasValue(400);
    } finally {
      spark.stop();
    }
    ProgressChannel.report(1, 1); // without a plugin nothing fails
  }

  /** Two tasks that report and then wait for the driver to have heard of it. */
  private static List<Boolean> work(JavaSparkContext context) {
    return context
        .parallelize(List.of(1, 2), 2)
        .map(
            task -> {
              for (int i = 0; i < 100; i++) {
                ProgressChannel.report(2, 30);
              }
              return HEARD.await(20, TimeUnit.SECONDS);
            })
        .collect();
  }

  private static void hear(ProgressDelta delta) {
    PAIRS.addAndGet(delta.pairs());
    TOKENS.addAndGet(delta.tokens());
    MESSAGES.incrementAndGet();
    HEARD.countDown();
  }
}

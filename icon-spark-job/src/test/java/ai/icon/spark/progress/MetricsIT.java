package ai.icon.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.LocalIcon;
import ai.icon.spark.LocalSpark;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.ObjectName;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real run shows over HTTP, with the settings that we hand out. */
class MetricsIT {
  private static final int SAMPLES = 7;
  private static final int ASSESSED = 2;
  private static final String PREFIX =
      "metrics_icon_driver_plugin_ai_icon_spark_progress_ProgressPlugin_";

  @TempDir private static Path folder;

  private static final Set<String> DESCRIPTIONS = ConcurrentHashMap.newKeySet();
  private static SparkSession spark;
  private static LocalIcon icon;

  @BeforeAll
  static void runAndFollow() throws IOException {
    spark =
        LocalSpark.open(
            "spark.sql.caseSensitive", "true",
            "spark.plugins", ProgressPlugin.class.getName(),
            "spark.ui.enabled", "true",
            "spark.ui.port", "0",
            "spark.metrics.namespace", "icon",
            "spark.metrics.conf", "../conf/metrics.properties",
            "spark.metrics.conf.driver.sink.jmx.class", "org.apache.spark.metrics.sink.JmxSink");
    spark.sparkContext().addSparkListener(new Descriptions());
    icon = new LocalIcon(spark);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < SAMPLES; i++) {
      rows.append("{\"instruction\":\"Say %d.\",\"output\":\"%d\"}\n".formatted(i, i));
    }
    Path pool = Files.writeString(folder.resolve("pool.jsonl"), rows);
    Path assessment =
        Files.write(
            folder.resolve("assessment.jsonl"),
            List.of(
                "{\"instruction\":\"Short?\",\"output\":\"Yes.\"}",
                "{\"instruction\":\"A longer question, please?\",\"output\":\"Longer than that.\"}"));
    Path run = folder.resolve("run");
    LocalIcon.Outcome outcome =
        icon.execute(
            List.of(
                "run",
                "--pool=" + pool,
                "--assessment=" + assessment,
                "--model=" + LocalIcon.RANDOM_MODEL,
                "--candidates=all",
                "--measure=icon",
                "--selector=none",
                "--rank-by=measured",
                "--budget=50%",
                "--out=" + run));
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(icon.table(run, "pairs").count()).isEqualTo(SAMPLES * ASSESSED);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void prometheusReadsWhatTheRunDid() throws IOException, InterruptedException {
    // Every assessed example alone, then behind every candidate.
    assertThat(value("run_pairs")).isEqualTo(ASSESSED + SAMPLES * ASSESSED);
    assertThat(value("run_nonFiniteLosses")).isZero();
    assertThat(value("run_tokens")).isGreaterThan(SAMPLES * ASSESSED * 5);
    assertThat(value("run_batchFill")).as("of two lengths").isGreaterThan(0.5).isLessThan(1);
    assertThat(value("run_forwardSeconds")).isPositive();
    assertThat(value("run_modelLoadSeconds")).isPositive();
    assertThat(value("task_pairsTotal")).isEqualTo(SAMPLES * ASSESSED);
    assertThat(value("task_pairsDone")).isEqualTo(SAMPLES * ASSESSED);
    assertThat(value("task_secondsLeft")).isZero();
  }

  @Test
  void anExecutorHasFiguresOfItsOwn() throws Exception {
    ObjectName name =
        new ObjectName(
            "metrics:name=icon.driver.plugin."
                + ProgressPlugin.class.getName()
                + ".pairs,type=gauges");
    assertThat(ManagementFactory.getPlatformMBeanServer().getAttribute(name, "Value"))
        .isEqualTo((long) ASSESSED + SAMPLES * ASSESSED);
  }

  @Test
  void jobsSayInTheWebInterfaceWhatTheyAre() {
    assertThat(DESCRIPTIONS)
        .contains(
            "icon ingest",
            "icon assess",
            "icon score: control, 1 of 1 shards",
            "icon score: scoring, 1 of 1 shards",
            "icon select");
  }

  @Test
  void theDriverKnowsItsMemory() {
    assertThat(ProgressChannel.memory()).containsOnlyKeys("driver");
    ProcessMemory driver = ProgressChannel.memory().get("driver");
    assertThat(driver.heapBytes()).isGreaterThan(10 << 20);
    assertThat(driver.residentBytes()).isGreaterThan(driver.heapBytes() / 4);
  }

  private static double value(String name) throws IOException, InterruptedException {
    URI uri = URI.create(spark.sparkContext().uiWebUrl().get() + "/metrics/prometheus/");
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    String line =
        response
            .body()
            .lines()
            .filter(one -> one.startsWith(PREFIX + name + "_Value"))
            .findFirst()
            .orElseThrow(() -> new AssertionError(name + " is not in\n" + response.body()));
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }

  private static final class Descriptions extends SparkListener {
    @Override
    public void onJobStart(SparkListenerJobStart job) {
      DESCRIPTIONS.add(job.properties().getProperty("spark.job.description", "none"));
    }
  }
}

package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.ProcessCluster;
import ai.icon.spark.SparkHome;
import ai.icon.spark.rows.Table;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.RunStatus;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.Version;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar for clusters on a real one: a master and two workers with a pretended GPU each, all of
 * them processes, and {@code submit/icon} as users call it.
 */
@Timeout(300)
class ClusterIT {
  private static final long PATIENCE_SECONDS = 240;

  @TempDir static Path place;
  private static SparkHome spark;
  private static ProcessCluster cluster;
  private static List<String> command;
  private static Path base;
  private static Path properties;

  @BeforeAll
  static void runInOneProcess() throws IOException, InterruptedException {
    spark = SparkHome.toTest();
    cluster = ProcessCluster.start(spark, "cluster-it", 2);
    JobFixture job = new JobFixture(place);
    base = job.path("base");
    command =
        job.run(
            40,
            6,
            "--candidates",
            "16",
            "--budget",
            "20%",
            "--shard-tokens",
            "1000",
            "--device",
            "cpu");
    properties =
        job.write(
            "spark.conf",
            List.of(
                "spark.executor.memory 600m",
                "spark.executor.cores 1",
                "spark.executor.resource.gpu.amount 1",
                "spark.task.resource.gpu.amount 1",
                "spark.sql.shuffle.partitions 4",
                "spark.eventLog.enabled true",
                "spark.eventLog.compress false",
                "spark.eventLog.rolling.enabled false",
                "spark.eventLog.dir " + Files.createDirectory(job.path("events")).toUri()));
    JobFixture.icon(JobFixture.with(command, "--out", base.toString())).succeeded();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void clientModeGivesTheSame() throws IOException, InterruptedException {
    Path run = place.resolve("client run");

    Ended ended = submit("client", run, "--deploy-mode", "client");

    ended.succeeded(run);
    assertSame(run);
    assertBothTookPart("icon run client run");
  }

  /**
   * The model lies on a file system of Hadoop's, and the driver's and executors' machines fetch.
   */
  @Test
  void clusterModeGivesTheSameAndTellsHowItEnded() throws IOException, InterruptedException {
    Path run = place.resolve("cluster run");
    Path cache = place.resolve("model cache");

    Ended ended =
        submit(
            "cluster",
            run,
            "--deploy-mode",
            "cluster",
            "--name",
            "nightly",
            "--model",
            "viewfs://models/tiny",
            "--model-cache",
            cache.toString(),
            "--conf",
            "spark.hadoop.fs.viewfs.mounttable.models.link./tiny=" + JobFixture.MODEL.toUri());

    ended.succeeded(run);
    assertThat(ended.out()).contains("state   succeeded", "select  ");
    assertSame(run);
    assertBothTookPart("nightly");
    assertThat(JobFixture.files(cache)).anyMatch(file -> file.endsWith("model.safetensors"));
  }

  /** The model comes to the executors in an archive. */
  @Test
  void executorsOfALocalClusterGiveTheSame() throws IOException, InterruptedException {
    Path run = place.resolve("local-cluster");
    List<String> arguments =
        JobFixture.with(
            command,
            "--out",
            run.toString(),
            "--master",
            "local-cluster[2,1,1024]",
            "--model",
            "model",
            "--archives",
            zip(JobFixture.MODEL) + "#model");

    ended("local-cluster", JobFixture.with(arguments, "--conf", "spark.executor.memory=600m"))
        .succeeded(run);

    assertSame(run);
  }

  /**
   * The device that Spark assigns is pretended: what a task finds, after the doctor was sent off.
   */
  @Test
  void aTaskThatFailsInClusterModeEndsTheRunWithItsOwnCode()
      throws IOException, InterruptedException {
    Path run = place.resolve("no device");

    Ended ended =
        submit(
            "no-device", run, "--deploy-mode", "cluster", "--device", "auto", "--doctor", "false");

    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    assertThat(ended.out())
        .contains("state   failed in stage score with exit code 2: Cannot use GPU address");
    RunStatus status = RunFolder.open(run.toString(), new Configuration()).status().orElseThrow();
    assertThat(status.state()).isEqualTo(RunStatus.State.FAILED);
    assertThat(status.exitCode()).isEqualTo(2);
    assertThat(status.message()).containsPattern("executor [01] on 127.0.0.1");
  }

  @Test
  void aModelThatIsNotThereIsRefusedInClusterMode() throws IOException, InterruptedException {
    Path run = place.resolve("no-model");

    Ended ended = submit("no-model", run, "--deploy-mode", "cluster", "--model", "/no/such/model");

    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    assertThat(ended.out() + ended.err()).contains("Cannot", "/no/such/model");
  }

  /** The driver's working folder is not that of any executor. */
  @Test
  void theDoctorRefusesWhatOnlyExecutorsCanTell() throws IOException, InterruptedException {
    Path run = place.resolve("driver-only");
    Path model =
        Path.of("/proc/self/cwd")
            .resolve(Path.of("").toAbsolutePath().relativize(JobFixture.MODEL));

    Ended ended = doctor("driver-only", run, "--model", model.toString());

    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    assertThat(ended.out())
        .contains("ok       model")
        .containsPattern("refused  model on executors .*" + model + ".* \\(executor \\d on ")
        .containsPattern("refused  libtorch flavour .*executor \\d on .* is to compute on GPU [01]")
        .contains("ok       run folder on executors");
    assertThat(run).doesNotExist();
  }

  @Test
  void executorsThatNoWorkerCanHoldAreNotWaitedFor() throws IOException, InterruptedException {
    Path run = place.resolve("too-large");

    Ended ended =
        doctor("too-large", run, "--executor-wait", "2", "--conf", "spark.executor.memory=9g");

    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    assertThat(ended.err())
        .contains("no executor registered within 2 s at " + cluster.master())
        .contains("Look at the cluster's page");
    assertThat(run).doesNotExist();
  }

  private static Ended doctor(String name, Path run, String... more)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of(
            "doctor",
            "--out",
            run.toString(),
            "--master",
            cluster.master(),
            "--properties-file",
            properties.toString());
    return ended(name, JobFixture.with(arguments, more));
  }

  private static Path zip(Path folder) throws IOException {
    Path zip = place.resolve("model.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (Path file : JobFixture.files(folder)) {
        out.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    return zip;
  }

  private static Ended submit(String name, Path run, String... more)
      throws IOException, InterruptedException {
    List<String> arguments =
        JobFixture.with(
            command,
            "--out",
            run.toString(),
            "--master",
            cluster.master(),
            "--properties-file",
            properties.toString());
    return ended(name, JobFixture.with(arguments, more));
  }

  private static Ended ended(String name, List<String> arguments)
      throws IOException, InterruptedException {
    Process process = cluster.icon(name, arguments);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(name).isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(cluster.log(name + ".out")),
        Files.readString(cluster.log(name)));
  }

  private record Ended(int code, String out, String err) {
    void succeeded(Path run) {
      assertThat(code).as(err).isZero();
      List<String> lines = out.lines().toList();
      assertThat(lines.get(lines.size() - 1)).isEqualTo(run.resolve("selection").toString());
    }
  }

  private static void assertSame(Path run) throws IOException {
    JobFixture.assertSameResults(run, base);
    if (!spark.hasJar("parquet-hadoop-" + Version.VERSION_NUMBER + ".jar")) {
      return; // Another Parquet, as Spark 4.0 has it: the same rows, in other bytes.
    }
    for (Table table : Table.values()) {
      List<Path> files = JobFixture.parquet(run, table);
      assertThat(files).as(table.text()).hasSameSizeAs(JobFixture.parquet(base, table));
      for (Path file : files) {
        assertThat(file).hasSameBinaryContentAs(base.resolve(run.relativize(file)));
      }
    }
  }

  /** Two executors with an address each, and both ran tasks: what the event log says. */
  private static void assertBothTookPart(String application) throws IOException {
    Set<String> addresses = new TreeSet<>();
    Set<String> workers = new TreeSet<>();
    for (JsonNode event : events(application)) {
      JsonNode added = event.path("Executor Info").path("Resources").path("gpu").path("addresses");
      added.forEach(address -> addresses.add(address.asText()));
      if (event.path("Event").asText().equals("SparkListenerTaskEnd")) {
        workers.add(event.path("Task Info").path("Executor ID").asText());
      }
    }
    assertThat(addresses).containsExactly("0", "1");
    assertThat(workers).containsExactly("0", "1");
  }

  private static List<JsonNode> events(String application) throws IOException {
    ObjectMapper json = new ObjectMapper();
    for (Path log : JobFixture.files(place.resolve("events"))) {
      List<JsonNode> events = new ArrayList<>();
      if (!log.toString().endsWith(".crc")) {
        for (String line : Files.readAllLines(log)) {
          events.add(json.readTree(line));
        }
      }
      if (events.stream().anyMatch(e -> e.path("App Name").asText().equals(application))) {
        return events;
      }
    }
    throw new AssertionError("No application is named " + application);
  }
}

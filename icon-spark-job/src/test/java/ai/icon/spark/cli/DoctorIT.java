package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.rpc.RpcEnv;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The doctor as a user meets it: alone, and before a run. */
@Timeout(120)
class DoctorIT {
  @TempDir Path place;

  private JobFixture.Ended doctor(String... more) {
    return JobFixture.icon(
        JobFixture.with(
            List.of(
                "doctor",
                "--model",
                JobFixture.MODEL.toString(),
                "--out",
                place.resolve("run").toString()),
            more));
  }

  @Test
  void aLocalMasterIsFineAndNothingIsLeft() throws IOException {
    JobFixture.Ended ended = doctor().succeeded();

    assertThat(ended.out())
        .contains("ok       master")
        .contains("ok       libtorch loads")
        .doesNotContain("refused");
    assertThat(place.resolve("run")).doesNotExist();
  }

  @Test
  void jsonIsOneObject() throws IOException {
    JsonNode json = new ObjectMapper().readTree(JobFixture.icon(jsonArguments()).out());

    assertThat(json.get("refused").asInt()).isZero();
    assertThat(json.get("checks")).hasSizeGreaterThan(20);
  }

  private static List<String> jsonArguments() {
    return List.of("doctor", "--json", "--master", "local[1]");
  }

  @Test
  void gpusOnALocalMasterAreRefusedBeforeARunHangs() throws IOException {
    List<String> run =
        new JobFixture(place)
            .run(
                12,
                6,
                "--out",
                place.resolve("run").toString(),
                "--conf",
                "spark.task.resource.gpu.amount=1",
                "--conf",
                "spark.executor.memory=lots");

    JobFixture.Ended ended = JobFixture.icon(run);

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err())
        .contains("local[2] offers no GPU address")
        .contains("Leave these settings out");
    assertThat(place.resolve("run")).doesNotExist();
  }

  @Test
  void everyRefusalIsToldAtOnce() {
    JobFixture.Ended ended =
        doctor(
            "--master",
            "local[2]",
            "--conf",
            "spark.task.cpus=4",
            "--conf",
            "spark.dynamicAllocation.enabled=true",
            "--conf",
            "spark.dynamicAllocation.shuffleTracking.enabled=false");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err())
        .contains("Cannot run, for 2 reasons:")
        .contains("a task asks for 4 cores, an executor has 2")
        .contains("a shuffle would be lost");
  }

  @Test
  void aMasterThatIsNotThereIsRefusedAtOnce() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }

    JobFixture.Ended ended = doctor("--master", "spark://127.0.0.1:" + port);

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("no connection to 127.0.0.1:" + port);
  }

  @Test
  void aClusterWithoutWorkersIsRefusedInsteadOfWaitedFor() throws IOException {
    SparkConf conf = new SparkConf().set("spark.master.rest.enabled", "false");
    RpcEnv environment = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1();
    try {
      String master = environment.address().toSparkURL();

      JobFixture.Ended ended = doctor("--master", master, "--executor-wait", "2");

      assertThat(ended.code()).isEqualTo(2);
      assertThat(ended.err()).contains("no executor registered within 2 s at " + master);
      assertThat(place.resolve("run")).doesNotExist();
    } finally {
      environment.shutdown();
    }
  }
}

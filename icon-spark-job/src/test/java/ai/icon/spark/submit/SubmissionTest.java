package ai.icon.spark.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.checkpoint.HubCache;
import ai.icon.error.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionTest {
  private static final String MASTER = "spark://h:7077";

  @TempDir Path place;
  private String ofHome = "/spark/bin/spark-submit";
  private String onPath = "";

  private Submission of(String... words) {
    List<String> arguments = Arrays.asList(words);
    SubmitPlace here =
        new SubmitPlace(
            Path.of("/opt/my icon"),
            Path.of("/home/ada"),
            ofHome,
            onPath,
            place.resolve("spark-defaults.conf"),
            "/opt/all.jar",
            "/jdk/bin/java",
            "/opt/all.jar:/m2/spark.jar",
            List.of("--add-opens=a", "--add-opens=b"),
            "4g",
            Path.of("/tmp/icon.x"),
            "id",
            new HubCache(place.resolve("hub")));
    return Submission.of(arguments, ConfigFiles.of(arguments), here);
  }

  /** What spark-submit is told for an option, all values in their order. */
  private static List<String> told(Submission submission, String option) {
    List<String> values = new ArrayList<>();
    List<String> words = submission.words();
    for (int i = 0; i < words.indexOf("/opt/all.jar"); i++) {
      if (words.get(i).equals(option)) {
        values.add(words.get(i + 1));
      }
    }
    return values;
  }

  private static String conf(Submission submission, String key) {
    List<String> found =
        told(submission, "--conf").stream()
            .filter(pair -> pair.startsWith(key + "="))
            .map(pair -> pair.substring(key.length() + 1))
            .toList();
    assertThat(found).as(key).hasSize(1);
    return found.get(0);
  }

  private static List<String> job(Submission submission) {
    List<String> words = submission.words();
    return words.subList(words.lastIndexOf("/opt/all.jar") + 1, words.size());
  }

  @Test
  void sparksOptionsGoToSparkAndTheOthersToTheJob() {
    Submission submission =
        of(
            "--master",
            MASTER,
            "run",
            "--executor-memory=3g",
            "--pool",
            "/a.json",
            "/b.json",
            "--conf",
            "spark.x=1=2",
            "--seed",
            "7",
            "--conf=spark.y=z",
            "--out",
            "/runs/first",
            "--queue",
            "night");

    assertThat(submission.question()).isEmpty();
    assertThat(submission.words()).startsWith(ofHome, "--driver-memory", "4g", "--class");
    assertThat(told(submission, "--master")).containsExactly(MASTER);
    assertThat(told(submission, "--executor-memory")).containsExactly("3g");
    assertThat(told(submission, "--queue")).containsExactly("night");
    assertThat(conf(submission, "spark.x")).isEqualTo("1=2");
    assertThat(conf(submission, "spark.y")).isEqualTo("z");
    assertThat(job(submission))
        .containsExactly(
            "run", "--pool", "/a.json", "/b.json", "--seed", "7", "--out", "/runs/first");
  }

  @Test
  void aClusterIsToldAbsolutePaths() {
    Submission submission =
        of(
            "run",
            "--master=" + MASTER,
            "--pool",
            "a.json",
            "s3a://bucket/b.json",
            "table:db.pool",
            "--model=models/m",
            "--assessment",
            "data/t.jsonl",
            "--columns",
            "input=q",
            "--out",
            "runs/first");

    assertThat(job(submission))
        .containsExactly(
            "run",
            "--pool",
            "/home/ada/a.json",
            "s3a://bucket/b.json",
            "table:db.pool",
            "--model=/home/ada/models/m",
            "--assessment",
            "/home/ada/data/t.jsonl",
            "--columns",
            "input=q",
            "--out",
            "/home/ada/runs/first");
  }

  @Test
  void theIdOfADownloadedModelStaysAsItIs() throws IOException {
    Path snapshot = place.resolve("hub/models--ada--small/snapshots/c1");
    Files.createDirectories(snapshot);
    Files.createFile(snapshot.resolve("model.safetensors"));
    Files.createDirectories(place.resolve("hub/models--ada--small/refs"));
    Files.writeString(place.resolve("hub/models--ada--small/refs/main"), "c1");

    assertThat(job(of("run", "--master", MASTER, "--model=ada/small", "--out=/r")))
        .contains("--model=ada/small");
    assertThat(job(of("run", "--master", MASTER, "--model", "ada/other", "--out=/r")))
        .containsSequence("--model", "/home/ada/ada/other");
    Path file = Files.writeString(place.resolve("hub.conf"), "icon.model.path = ada/small\n");
    assertThat(job(of("run", "--master", MASTER, "--config=" + file, "--out=/r")))
        .contains("--config=" + file);
  }

  @Test
  void aModelThatAnArchiveUnpacksStaysRelative() {
    Submission submission =
        of(
            "run",
            "--master",
            MASTER,
            "--archives",
            "/data/m.tar.gz#model,/x.zip",
            "--model",
            "model/sub",
            "--out",
            "/r");

    assertThat(job(submission)).containsSequence("--model", "model/sub");
    assertThat(told(submission, "--archives")).containsExactly("/data/m.tar.gz#model,/x.zip");
  }

  @Test
  void oneProcessKeepsRelativePaths() {
    assertThat(job(of("run", "--master", "local[2]", "--out", "runs/first")))
        .containsExactly("run", "--out", "runs/first");
  }

  @Test
  void clusterModeWaitsOpensJavaAndAsksTheRunFolder() {
    Submission submission =
        of("run", "--master", MASTER, "--deploy-mode", "cluster", "--out", "my runs/first");

    assertThat(submission.question())
        .startsWith(ofHome)
        .containsSequence("--master", "local[1]", "--deploy-mode", "client")
        .endsWith(
            "/opt/all.jar",
            "status",
            "--exit-code",
            "--out",
            "/home/ada/my runs/first",
            "--attempt",
            "id");
    assertThat(submission.result()).isEqualTo("/home/ada/my runs/first/selection");
    assertThat(conf(submission, "spark.icon.attempt")).isEqualTo("id");
    assertThat(conf(submission, "spark.standalone.submit.waitAppCompletion")).isEqualTo("true");
    String driver = conf(submission, "spark.driver.extraJavaOptions");
    assertThat(Words.split(driver))
        .contains(
            "--add-opens=a", "--add-opens=b", "-Dai.djl.offline=true", "-Dicon.home=/opt/my icon");
    // A file of this machine is not there.
    assertThat(driver).doesNotContain("log4j");
  }

  @Test
  void theQuestionReachesWhereTheRunIs() throws IOException {
    Files.writeString(
        place.resolve("spark-defaults.conf"), "spark.hadoop.fs.s3a.endpoint  http://e\n");

    String[] line = {
      "score",
      "--master",
      MASTER,
      "--deploy-mode=cluster",
      "--out=s3a://b/r",
      "--packages=org.apache.hadoop:hadoop-aws:3.3.4",
      "--conf=spark.hadoop.fs.s3a.path.style.access=true",
      "--conf=spark.driver.memory=64g"
    };

    Submission submission = of(line);

    assertThat(submission.question())
        .startsWith(ofHome)
        .containsSequence("--packages", "org.apache.hadoop:hadoop-aws:3.3.4")
        .containsSequence("--conf", "spark.hadoop.fs.s3a.path.style.access=true")
        .containsSequence("--out", "s3a://b/r")
        .doesNotContain("spark.driver.memory=64g", "--properties-file");
    // spark-submit reads its own file, as it did for the job.
    assertThat(submission.question()).noneMatch(word -> word.contains("endpoint"));
    assertThat(submission.result()).isEmpty();

    ofHome = "";
    assertThat(of(line).question())
        .startsWith("/jdk/bin/java", "-Xmx512m")
        .containsSequence("--packages", "org.apache.hadoop:hadoop-aws:3.3.4")
        .containsSequence("spark-internal", "status");
  }

  @Test
  void settingsOfTheConfigFileStandInAFileAndNotOnACommandLine() throws IOException {
    Path file =
        Files.writeString(
            place.resolve("s3.conf"),
            "spark.hadoop.fs.s3a.secret.key = hidden, spark.x = configured\n");
    Path users = Files.writeString(place.resolve("users.conf"), "spark.x users\nspark.y users\n");
    String[] line = {
      "run",
      "--master=" + MASTER,
      "--deploy-mode=cluster",
      "--out=/r",
      "--config=" + file,
      "--properties-file=" + users,
      "--conf=spark.z=line"
    };

    Submission submission = of(line);

    assertThat(submission.properties())
        .containsEntry("spark.hadoop.fs.s3a.secret.key", "hidden")
        .containsEntry("spark.x", "configured")
        .containsEntry("spark.y", "users");
    assertThat(told(submission, "--properties-file")).containsExactly("/tmp/icon.x");
    assertThat(submission.question()).containsSequence("--properties-file", "/tmp/icon.x");
    assertThat(conf(submission, "spark.z")).isEqualTo("line");
    assertThat(submission.words()).noneMatch(word -> word.contains("hidden"));
    assertThat(submission.question()).noneMatch(word -> word.contains("hidden"));
  }

  @Test
  void archivesOnYarnAreUnpackedForADriverHereToo() {
    String[] line = {"run", "--master=yarn", "--archives", "/m.zip#m", "--model=m", "--out=/r"};
    Submission client = of(line);
    assertThat(told(client, "--archives")).isEmpty();
    assertThat(conf(client, "spark.archives")).isEqualTo("/m.zip#m");

    List<String> cluster = new ArrayList<>(List.of(line));
    cluster.add("--deploy-mode=cluster");
    assertThat(told(of(cluster.toArray(String[]::new)), "--archives")).containsExactly("/m.zip#m");
  }

  @Test
  void nobodyIsAskedWhereNobodyWaits() {
    Submission submission =
        of(
            "run",
            "--master",
            "yarn",
            "--deploy-mode",
            "cluster",
            "--conf",
            "spark.yarn.submit.waitAppCompletion=false",
            "--out",
            "/r");

    assertThat(submission.question()).isEmpty();
    assertThat(conf(submission, "spark.yarn.submit.waitAppCompletion")).isEqualTo("false");
  }

  @Test
  void clientModeLogsAsIconDoesAndKeepsTheUsersOptions() throws IOException {
    Path file = Files.writeString(place.resolve("my.conf"), "spark.driver.memory 9g\n");
    Submission submission =
        of(
            "run",
            "--master",
            MASTER,
            "--properties-file",
            file.toString(),
            "--conf",
            "spark.driver.extraJavaOptions=-Da=\"b c\" -Xss4m",
            "--conf",
            "spark.executor.extraJavaOptions=-XX:+UseZGC",
            "--out",
            "/r");

    assertThat(Words.split(conf(submission, "spark.driver.extraJavaOptions")))
        .containsExactly(
            "-Dai.djl.offline=true",
            "-Dicon.home=/opt/my icon",
            "-Dlog4j2.configurationFile=/opt/my icon/conf/log4j2.properties",
            "-Da=b c",
            "-Xss4m");
    assertThat(conf(submission, "spark.executor.extraJavaOptions"))
        .isEqualTo("-XX:+UseZGC -Dai.djl.offline=true");
    assertThat(told(submission, "--driver-memory")).isEmpty();
    assertThat(told(submission, "--properties-file")).containsExactly(file.toString());
  }

  @Test
  void masterAndSettingsMayStandInTheConfigFile() throws IOException {
    Path file =
        Files.writeString(
            place.resolve("night.conf"),
            """
            icon.run.out = "/runs/night"
            spark {
              master = "spark://h:7077"
              submit.deployMode = cluster
              executor.memory = 3g
              executor.cores = 2
            }
            """);

    Submission submission =
        of("run", "--config", file.toString(), "--conf", "spark.executor.cores=1");

    assertThat(told(submission, "--master")).containsExactly(MASTER);
    assertThat(submission.question()).contains("/runs/night");
    assertThat(submission.properties())
        .containsEntry("spark.executor.memory", "3g")
        .containsEntry("spark.submit.deployMode", "cluster");
    assertThat(conf(submission, "spark.executor.cores")).isEqualTo("1");
  }

  @Test
  void withoutASparkTheBuildsOwnJarsSubmit() {
    ofHome = "";

    Submission cluster = of("run", "--master", MASTER, "--driver-memory", "1g", "--out", "/r");
    Submission local = of("run", "--master", "local[2]", "--out", "/r");

    assertThat(cluster.words())
        .startsWith("/jdk/bin/java", "-Xmx1g", "--add-opens=a", "--add-opens=b")
        .containsSequence(
            "-cp", "/opt/all.jar:/m2/spark.jar", "org.apache.spark.deploy.SparkSubmit")
        .containsSequence("/opt/all.jar", "run");
    assertThat(local.words()).containsSequence("spark-internal", "run");
  }

  @Test
  void theSparkOnThePathIsForClusters() {
    ofHome = "";
    onPath = "/venv/bin/spark-submit";

    assertThat(of("run", "--master", "yarn", "--out", "/r").words()).startsWith(onPath);
    assertThat(of("run", "--master", "local[2]", "--out", "/r").words())
        .startsWith("/jdk/bin/java");
  }

  @Test
  void whatCannotBeIsRefusedWithItsCure() {
    refused("Invalid option --deploy-mode: must be client or cluster", "run", "--deploy-mode", "x");
    refused("must be client with --master local[*]", "run", "--deploy-mode", "cluster");
    refused("Invalid option --master: must be local[N], spark://", "run", "--master", "h:7077");
    refused("Invalid option --master: must have a value", "run", "--master", "--out", "r");
    refused("--name: must be given once", "run", "--name", "a", "--name", "b");
    refused("--conf: must be key=value, got spark.x", "run", "--conf", "spark.x");
    refused(
        "Cannot plan in cluster mode",
        "run",
        "--master",
        MASTER,
        "--deploy-mode",
        "cluster",
        "--dry-run");
    refused("Invalid setting icon.run.out", "run", "--master", MASTER, "--deploy-mode=cluster");
    refused("Cannot read the Spark settings of /no", "run", "--properties-file", "/no");
    ofHome = "";
    refused("Cannot submit to yarn: that needs a whole Spark", "run", "--master", "yarn");
    refused("Cannot run local-cluster[2,1,1024]", "run", "--master", "local-cluster[2,1,1024]");
  }

  @Test
  void aRelativePathInTheConfigFileIsRefusedOnACluster() throws IOException {
    Path file = Files.writeString(place.resolve("c.conf"), "icon.model.path = models/m\n");

    refused(
        "Invalid setting icon.model.path: must be an absolute path on a cluster, got models/m",
        "run",
        "--config",
        file.toString(),
        "--master",
        MASTER);
  }

  private void refused(String message, String... words) {
    assertThatThrownBy(() -> of(words))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message)
        .hasMessageContaining("\n");
  }

  @Test
  void theScriptKnowsEveryOption() throws IOException {
    String script = Files.readString(Path.of("../submit/icon"));
    for (SparkOption option : SparkOption.values()) {
      assertThat(script).containsPattern(option.option() + " [|\\\\]|" + option.option() + "\\)");
    }
  }
}

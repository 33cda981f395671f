package ai.icon.spark.doctor;

import static ai.icon.spark.doctor.Facts.DRIVER;
import static ai.icon.spark.doctor.Facts.GIB;
import static ai.icon.spark.doctor.Facts.MODEL;
import static ai.icon.spark.doctor.Facts.OUT;
import static org.assertj.core.api.Assertions.assertThat;

import ai.icon.spark.progress.ProgressPlugin;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each check that needs no session, where all is well and where it is not. */
class ClusterChecksTest {
  private static final String CLUSTER = "spark://m:7077";
  private static final String TASK = "spark.task.resource.gpu.amount";
  private static final String EXECUTOR = "spark.executor.resource.gpu.amount";

  private static Finding check(
      Function<ClusterFacts, Finding> check, String master, String... settings) {
    return check.apply(Facts.of(master, map(settings)));
  }

  private static Map<String, String> map(String... settings) {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      map.put(settings[i], settings[i + 1]);
    }
    return map;
  }

  private static void assertOk(Finding finding) {
    assertThat(finding.verdict()).as(finding.toString()).isEqualTo(Verdict.OK);
  }

  private static void assertRefused(Finding finding, String found, String cure) {
    assertThat(finding.verdict()).as(finding.toString()).isEqualTo(Verdict.REFUSED);
    assertThat(finding.found()).contains(found);
    assertThat(finding.cure()).contains(cure);
  }

  private static void assertWarning(Finding finding, String found, String cure) {
    assertThat(finding.verdict()).as(finding.toString()).isEqualTo(Verdict.WARNING);
    assertThat(finding.found()).contains(found);
    assertThat(finding.cure()).contains(cure);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local",
        "local[2]",
        "local[*]",
        "local[*, 3]",
        "local-cluster[2,1,1024]",
        "spark://a:7077",
        "spark://a:7077,b:7077",
        "spark://[::1]:7077",
        "spark://[fe80::1%1]:7077,b:7077",
        "yarn",
        "k8s://https://1.2.3.4:6443"
      })
  void aMasterThatSparkKnowsIsFine(String master) {
    assertOk(check(MasterChecks::form, master));
  }

  @ParameterizedTest
  @ValueSource(strings = {"locale[2]", "local[0]", "spark://a", "spark:/a:7077", "yarn-client", ""})
  void anotherMasterIsRefused(String master) {
    assertRefused(
        check(MasterChecks::form, master), "Invalid --master: must be local[N]", "--master");
  }

  @ParameterizedTest
  @ValueSource(strings = {TASK, EXECUTOR})
  void gpusOnALocalMasterAreRefused(String key) {
    assertRefused(
        check(MasterChecks::gpusOnLocalMaster, "local[2]", key, "1"),
        "local[2] offers no GPU address, and a task that waits for one waits for ever: " + key,
        "Leave these settings out");
    assertOk(check(MasterChecks::gpusOnLocalMaster, "local[2]", key, "0"));
    assertOk(check(MasterChecks::gpusOnLocalMaster, "local-cluster[1,1,1024]", key, "1"));
  }

  @Test
  void aSilentMasterIsRefusedAndOneOfTwoIsAWarning() {
    assertRefused(
        MasterChecks.reached(silent("spark://a:1", "a:1")), "no connection to a:1", "Start");
    assertWarning(
        MasterChecks.reached(silent("spark://a:1,b:2", "b:2")),
        "no connection to b:2",
        "Take the dead one");
    assertOk(MasterChecks.reached(silent("spark://a:1")));
  }

  private static ClusterFacts silent(String master, String... silent) {
    ClusterFacts facts = Facts.of(master, Map.of());
    return new ClusterFacts(
        facts.master(), facts.spark(), DRIVER, MODEL, Facts.ALL, 5000, OUT, List.of(silent));
  }

  @Test
  void yarnWithoutHadoopsSettingsIsRefused() {
    DriverFacts bare = new DriverFacts(17, "3.5.7", "2.12.18", 4 * GIB, 64 * GIB, 8, false);
    assertRefused(
        MasterChecks.reached(Facts.of("yarn", Map.of(), bare, MODEL, OUT)),
        "HADOOP_CONF_DIR",
        "yarn-site.xml");
    assertOk(check(MasterChecks::reached, "yarn"));
  }

  @Test
  void aTaskWithMoreCoresThanItsExecutorIsRefused() {
    assertRefused(
        check(GpuChecks::cores, "yarn", "spark.task.cpus", "2"),
        "a task asks for 2 cores, an executor has 1",
        "spark.executor.cores");
    assertOk(check(GpuChecks::cores, "yarn", "spark.task.cpus", "2", "spark.executor.cores", "2"));
    assertOk(check(GpuChecks::cores, CLUSTER, "spark.task.cpus", "2"));
    assertRefused(check(GpuChecks::cores, "local", "spark.task.cpus", "2"), "has 1", "cpus");
    assertRefused(check(GpuChecks::cores, "local[2]", "spark.task.cpus", "3"), "has 2", "cpus");
    assertOk(check(GpuChecks::cores, "local[*]", "spark.task.cpus", "8"));
    assertOk(check(GpuChecks::cores, "local-cluster[2,3,1024]", "spark.task.cpus", "3"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2, a task asks for 2 GPUs, an executor has 1",
    "0, 1, a task asks for 1 GPUs, an executor has 0",
    "1.5, 1, must be a whole number",
    "2, 1.5, must be a part of one",
    "1, 0, tasks are given none"
  })
  void gpuAmountsThatCannotBeMetAreRefused(String executor, String task, String found) {
    assertRefused(check(GpuChecks::amounts, CLUSTER, EXECUTOR, executor, TASK, task), found, TASK);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 0.5", "4, 2", "0, 0"})
  void gpuAmountsThatFitAreFine(String executor, String task) {
    assertOk(check(GpuChecks::amounts, CLUSTER, EXECUTOR, executor, TASK, task));
  }

  @Test
  void aGpuThatIsWantedButNotAskedForIsRefused() {
    ClusterFacts facts = Facts.of(CLUSTER, Map.of(), DRIVER, Facts.device("gpu"), OUT);
    assertRefused(GpuChecks.amounts(facts), "executors are asked for without GPUs", EXECUTOR);
    assertOk(GpuChecks.amounts(Facts.using(Facts.NONE, facts)));
  }

  @Test
  void stagesThatRunNoModelNeedNoRoomForIt() {
    assertOk(MemoryChecks.overhead(Facts.using(Facts.NONE, Facts.of("yarn", Map.of()))));
    assertOk(MemoryChecks.driverHeap(Facts.using(Facts.NONE, candidates(2_000_000))));
    assertWarning(
        GpuChecks.amounts(Facts.using(Facts.NONE, Facts.of(CLUSTER, Map.of(EXECUTOR, "1")))),
        "tasks are given none",
        "no model is run");
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, 1, 1 GPUs of every executor are never used, spark.executor.cores to at least 2",
    "1, 1, 4, 3 cores of every executor stay idle, amount=0.25",
    "1, 0.5, 3, 1 cores of every executor stay idle, amount=0.33"
  })
  void slotsThatCanNeverBeUsedAreAWarning(
      String executor, String task, String cores, String found, String cure) {
    assertWarning(
        check(
            GpuChecks::slots,
            CLUSTER,
            EXECUTOR,
            executor,
            TASK,
            task,
            "spark.executor.cores",
            cores),
        found,
        cure);
  }

  @ParameterizedTest
  @CsvSource({"1, 0.5, 2", "2, 1, 2", "1, 0.25, 4", "1, 0.33, 3"})
  void slotsThatMatchAreFine(String executor, String task, String cores) {
    assertOk(
        check(
            GpuChecks::slots,
            CLUSTER,
            EXECUTOR,
            executor,
            TASK,
            task,
            "spark.executor.cores",
            cores));
  }

  @Test
  void overheadBelowTheWeightsIsRefusedWhereContainersAreLimited() {
    String key = "spark.executor.memoryOverhead";
    assertRefused(
        check(MemoryChecks::overhead, "yarn"),
        "overhead 384 MiB, weights 2,048 MiB",
        key + "=4096m");
    assertRefused(check(MemoryChecks::overhead, "yarn", key, "3071m"), "killed", key);
    assertWarning(check(MemoryChecks::overhead, "yarn", key, "3g"), "to start with", key);
    assertOk(check(MemoryChecks::overhead, "k8s://https://a:1", key, "4096"));
    assertOk(check(MemoryChecks::overhead, CLUSTER));
    String factor = "spark.kubernetes.memoryOverheadFactor";
    String[] large = {"spark.executor.memory", "8g", factor, "0.5"};
    assertOk(check(MemoryChecks::overhead, "k8s://https://a:1", large));
    assertRefused(check(MemoryChecks::overhead, "yarn", large), "overhead 820 MiB", key);
  }

  @Test
  void overheadBesideAGpuIsWeightsFourGibibytesAndOneATask() {
    String[] settings = {
      EXECUTOR, "1", "spark.executor.cores", "2", "spark.executor.memoryOverhead", "8g"
    };
    assertOk(check(MemoryChecks::overhead, "yarn", settings));
    settings[5] = "8191m";
    assertWarning(check(MemoryChecks::overhead, "yarn", settings), "8,191 MiB", "=8192m");
  }

  @Test
  void aHeapThatSparkDoesNotStartWithIsRefused() {
    String key = "spark.executor.memory";
    assertRefused(
        check(MemoryChecks::executorHeap, CLUSTER, key, "400m"), "400 MiB is less than", key);
    assertOk(check(MemoryChecks::executorHeap, CLUSTER, key, "600m"));
    DriverFacts small = new DriverFacts(17, "3.5.7", "2.12.18", GIB / 4, GIB * 64, 8, true);
    assertRefused(
        MemoryChecks.driverHeap(Facts.of(CLUSTER, Map.of(), small, MODEL, OUT)),
        "256 MiB is less than",
        "--driver-memory");
  }

  @Test
  void candidatesWhoseHiddenStatesDoNotFitTheDriverAreRefused() {
    assertOk(MemoryChecks.driverHeap(candidates(500_000)));
    assertWarning(MemoryChecks.driverHeap(candidates(1_000_000)), "2,198 MiB", "--candidates");
    assertRefused(MemoryChecks.driverHeap(candidates(2_000_000)), "4,395 MiB", "--candidates");
    assertOk(MemoryChecks.driverHeap(candidates(Integer.MAX_VALUE)));
  }

  private static ClusterFacts candidates(int candidates) {
    ClusterFacts facts = Facts.of(CLUSTER, Map.of());
    return new ClusterFacts(
        facts.master(), facts.spark(), DRIVER, MODEL, Facts.ALL, candidates, OUT, List.of());
  }

  @Test
  void weightsThatTheMachineCannotHoldAreRefused() {
    assertOk(check(MemoryChecks::machine, "local[2]"));
    assertWarning(MemoryChecks.machine(4 * GIB, 4 * GIB, 8 * GIB), "4,096 MiB", "bfloat16");
    assertRefused(MemoryChecks.machine(9 * GIB, GIB, 8 * GIB), "9,216 MiB", "bfloat16");
  }

  @ParameterizedTest
  @CsvSource({"16, REFUSED", "17, OK", "21, OK", "22, REFUSED", "25, REFUSED"})
  void javaIsFrom17To21(int version, Verdict verdict) {
    assertThat(PlatformChecks.java(version, "the driver").verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "3.5.7, 2.12.18, OK",
    "3.5.7, 2.13.8, OK",
    "4.0.1, 2.13.16, OK",
    "4.1.0, 2.13.17, WARNING",
    "3.4.1, 2.12.17, REFUSED",
    "3.5.7, 2.11.12, REFUSED"
  })
  void sparkIs35Or40(String spark, String scala, Verdict verdict) {
    DriverFacts driver = new DriverFacts(17, spark, scala, 4 * GIB, 64 * GIB, 8, true);
    Finding finding = PlatformChecks.spark(Facts.of(CLUSTER, Map.of(), driver, MODEL, OUT));
    assertThat(finding.verdict()).isEqualTo(verdict);
    assertThat(finding.found()).contains(spark);
  }

  @Test
  void dynamicAllocationNeedsShufflesThatOutliveExecutors() {
    String on = "spark.dynamicAllocation.enabled";
    String tracking = "spark.dynamicAllocation.shuffleTracking.enabled";
    assertOk(check(PlatformChecks::allocation, CLUSTER));
    assertOk(check(PlatformChecks::allocation, CLUSTER, on, "true"));
    assertRefused(
        check(PlatformChecks::allocation, CLUSTER, on, "true", tracking, "false"),
        "a shuffle would be lost",
        tracking);
    assertOk(
        check(
            PlatformChecks::allocation,
            CLUSTER,
            on,
            "true",
            tracking,
            "false",
            "spark.shuffle.service.enabled",
            "true"));
    assertWarning(
        check(
            PlatformChecks::allocation,
            CLUSTER,
            on,
            "true",
            tracking,
            "false",
            "spark.shuffle.manager",
            "org.apache.spark.shuffle.celeborn.SparkShuffleManager"),
        "is up to org.apache.spark.shuffle.celeborn.SparkShuffleManager (spark.shuffle.manager)",
        tracking);
  }

  @Test
  void speculationIsFineAndSaidSo() {
    Finding finding = check(PlatformChecks::speculation, CLUSTER, "spark.speculation", "true");
    assertOk(finding);
    assertThat(finding.found()).contains("the first commit counts");
  }

  @Test
  void pluginsWithoutTheProgressAreAWarning() {
    assertOk(check(PlatformChecks::plugins, CLUSTER));
    assertWarning(
        check(PlatformChecks::plugins, CLUSTER, "spark.plugins", "a.B"),
        "spark.plugins=a.B leaves out ai.icon.spark.progress.ProgressPlugin,",
        "ProgressPlugin,ai.icon.spark.executor.ModelPlugin,a.B");
    assertWarning(
        check(PlatformChecks::plugins, CLUSTER, "spark.plugins", ProgressPlugin.class.getName()),
        "leaves out ai.icon.spark.executor.ModelPlugin",
        "ModelPlugin,ai.icon.spark.progress.ProgressPlugin");
  }

  @Test
  void aRunFolderThatCannotTakeARunIsRefused() {
    assertOk(check(FolderChecks::out, CLUSTER));
    assertRefused(out(new FolderFacts("/r", true, false, GIB * 9)), "cannot be written", "--out");
    assertRefused(out(new FolderFacts("/r", true, true, 1 << 20)), "1 MiB free", "Make room");
    assertWarning(out(new FolderFacts("/r", true, true, GIB / 2)), "512 MiB free", "Make room");
  }

  @Test
  void aRunFolderWithoutASchemeLiesWhereHadoopSays() {
    Configuration hadoop = new Configuration(false);
    assertThat(FolderFacts.of("/proc/none", hadoop).isLocal()).isTrue();
    assertRefused(out(FolderFacts.of("/proc/none", hadoop)), "/proc/none", "--out");
    hadoop.set("fs.defaultFS", "hdfs://nn:8020");
    assertThat(FolderFacts.of("/user/me/run", hadoop).isLocal()).isFalse();
    assertOk(out(FolderFacts.of("/proc/none", hadoop)));
    assertThat(FolderFacts.of("file:/proc/none", hadoop).isLocal()).isTrue();
    hadoop.set("fs.defaultFS", "hdfs://not a uri");
    assertOk(out(FolderFacts.of("/proc/none", hadoop)));
  }

  private static Finding out(FolderFacts folder) {
    return FolderChecks.out(Facts.of(CLUSTER, Map.of(), DRIVER, MODEL, folder));
  }

  @Test
  void aModelThatTheDriverCannotOpenIsRefusedInItsOwnWords() {
    ModelFacts broken = new ModelFacts("/m", "Cannot open /m: why.\n  The cure.", "auto", 0, 0, 0);
    Finding finding = FolderChecks.model(Facts.of(CLUSTER, Map.of(), DRIVER, broken, OUT));
    assertThat(finding)
        .isEqualTo(new Finding("model", Verdict.REFUSED, "Cannot open /m: why.", "The cure."));
    assertOk(check(FolderChecks::model, CLUSTER));
  }

  @Test
  void aSettingThatCannotBeReadIsRefused() {
    ClusterFacts facts = Facts.of(CLUSTER, Map.of("spark.executor.memory", "lots"));
    assertRefused(
        Doctor.safely(MemoryChecks::executorHeap, facts),
        "Invalid Spark setting spark.executor.memory: must be a size such as 4g, got lots",
        "--conf");
  }
}

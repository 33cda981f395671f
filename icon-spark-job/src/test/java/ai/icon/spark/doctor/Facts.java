package ai.icon.spark.doctor;

import ai.icon.spark.executor.ModelPlugin;
import ai.icon.spark.progress.ProgressPlugin;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Facts of a healthy cluster, from which each test bends one. */
final class Facts {
  static final long GIB = 1L << 30;
  static final DriverFacts DRIVER =
      new DriverFacts(17, "3.5.7", "2.12.18", 4 * GIB, 64 * GIB, 8, true);
  static final ModelFacts MODEL = new ModelFacts("/models/m", "", "auto", 576, 2 * GIB, GIB / 8);
  static final ModelUse ALL = new ModelUse(true, true);
  static final ModelUse NONE = new ModelUse(false, false);
  static final FolderFacts OUT = new FolderFacts("/runs/a", true, true, 100 * GIB);
  static final ExecutorFacts.Torch CUDA =
      new ExecutorFacts.Torch("cu124", "/home/u/.djl.ai", 0, 100 * GIB, true, 2, "");
  static final String FINGERPRINT = "0123456789abcdef";

  private Facts() {}

  static ClusterFacts of(String master, Map<String, String> spark) {
    return of(master, spark, DRIVER, MODEL, OUT);
  }

  static ClusterFacts of(
      String master,
      Map<String, String> spark,
      DriverFacts driver,
      ModelFacts model,
      FolderFacts out) {
    SortedMap<String, String> settings = new TreeMap<>();
    settings.put(
        "spark.plugins", ProgressPlugin.class.getName() + "," + ModelPlugin.class.getName());
    settings.putAll(spark);
    return new ClusterFacts(
        SparkMaster.of(master),
        new SparkSettings(settings),
        driver,
        model,
        ALL,
        5000,
        out,
        List.of());
  }

  static ClusterFacts using(ModelUse use, ClusterFacts facts) {
    return new ClusterFacts(
        facts.master(),
        facts.spark(),
        facts.driver(),
        facts.model(),
        use,
        facts.candidates(),
        facts.out(),
        facts.silentMasters());
  }

  static ModelFacts device(String device) {
    return new ModelFacts(MODEL.path(), "", device, 576, 2 * GIB, GIB / 8);
  }

  static ExecutorFacts executor(String id, String host, ExecutorFacts.Torch torch, String... gpus) {
    return executor(id, host, FINGERPRINT, torch, "", gpus);
  }

  static ExecutorFacts executor(
      String id,
      String host,
      String fingerprint,
      ExecutorFacts.Torch torch,
      String visible,
      String... gpus) {
    return new ExecutorFacts(
        id, host, 17, GIB, 64 * GIB, List.of(gpus), visible, "", fingerprint, torch, "");
  }

  static SessionFacts session(ModelFacts model, ExecutorFacts... executors) {
    ClusterFacts driver = of("spark://m:7077", Map.of(), DRIVER, model, OUT);
    return new SessionFacts(driver, FINGERPRINT, List.of(executors));
  }
}

package ai.icon.spark.doctor;

import ai.icon.spark.executor.ModelPlugin;
import ai.icon.spark.progress.ProgressPlugin;
import java.util.Arrays;
import java.util.List;

/** Java, Spark and those of its settings that this job is touchy about. */
final class PlatformChecks {
  private static final String JAVA = "Java";
  private static final String SPARK = "Spark";
  private static final String ALLOCATION = "dynamic allocation";
  private static final String SPECULATION = "speculation";
  private static final String PLUGINS = "plugins";
  private static final List<String> OWN_PLUGINS =
      List.of(ProgressPlugin.class.getName(), ModelPlugin.class.getName());

  /** With these a shuffle may lie elsewhere than on executors, such as in a remote service. */
  private static final List<String> OWN_SHUFFLES =
      List.of("spark.shuffle.manager", "spark.shuffle.sort.io.plugin.class");

  private static final int OLDEST_JAVA = 17;
  private static final int NEWEST_JAVA = 21;

  private PlatformChecks() {}

  static Finding java(ClusterFacts facts) {
    return java(facts.driver().javaVersion(), "the driver");
  }

  /**
   * The same for any process.
   *
   * @param place whose Java it is, for the message
   */
  static Finding java(int version, String place) {
    if (version < OLDEST_JAVA || version > NEWEST_JAVA) {
      return Finding.refused(
          JAVA,
          "Java 17 to 21 is needed, " + place + " has " + version,
          "Install a JDK 17 there and set JAVA_HOME, on a cluster also"
              + " spark.executorEnv.JAVA_HOME.");
    }
    return Finding.ok(JAVA, version + " on " + place);
  }

  static Finding spark(ClusterFacts facts) {
    String spark = facts.driver().sparkVersion();
    String scala = facts.driver().scalaVersion();
    String both = "Spark " + spark + ", Scala " + scala;
    if (!scala.startsWith("2.12.") && !scala.startsWith("2.13.")) {
      return Finding.refused(
          SPARK, both + ": Scala 2.12 or 2.13 is needed", "Use a Spark 3.5 or 4.0 as published.");
    }
    if (spark.startsWith("3.5.") || spark.startsWith("4.0.")) {
      return Finding.ok(SPARK, both);
    }
    String[] parts = spark.split("\\.", -1);
    boolean isNewer = Integer.parseInt(parts[0]) >= 4;
    return isNewer
        ? Finding.warning(
            SPARK, both + ": this version was not tested", "Spark 3.5 and 4.0 are tested.")
        : Finding.refused(
            SPARK, both + ": Spark 3.5 or 4.0 is needed", "Submit to a Spark 3.5 or 4.0.");
  }

  static Finding allocation(ClusterFacts facts) {
    SparkSettings spark = facts.spark();
    if (!spark.isTrue("spark.dynamicAllocation.enabled", false)) {
      return Finding.ok(ALLOCATION, "off");
    }
    boolean keepsShuffles =
        spark.isTrue("spark.dynamicAllocation.shuffleTracking.enabled", true)
            || spark.isTrue("spark.shuffle.service.enabled", false)
            || (spark.isTrue("spark.decommission.enabled", false)
                && spark.isTrue("spark.storage.decommission.shuffleBlocks.enabled", true));
    if (keepsShuffles) {
      return Finding.ok(ALLOCATION, "on; shuffles outlive their executors");
    }
    String cure = "Add --conf spark.dynamicAllocation.shuffleTracking.enabled=true";
    List<String> own = OWN_SHUFFLES.stream().filter(spark::has).toList();
    return own.isEmpty()
        ? Finding.refused(
            ALLOCATION, "on, but a shuffle would be lost with its executor", cure + ".")
        : Finding.warning(
            ALLOCATION,
            "on; whether a shuffle outlives its executor is up to "
                + spark.text(own.get(0), "")
                + " ("
                + own.get(0)
                + ")",
            cure + " unless it keeps shuffles on machines of its own.");
  }

  static Finding speculation(ClusterFacts facts) {
    return Finding.ok(
        SPECULATION,
        facts.spark().isTrue("spark.speculation", false)
            ? "on; of two attempts at a shard the first commit counts"
            : "off");
  }

  static Finding plugins(ClusterFacts facts) {
    String plugins = facts.spark().text("spark.plugins", "");
    List<String> given = Arrays.asList(plugins.split("\\s*,\\s*", -1));
    List<String> missing = OWN_PLUGINS.stream().filter(own -> !given.contains(own)).toList();
    if (missing.isEmpty()) {
      return Finding.ok(PLUGINS, "there");
    }
    String all = String.join(",", missing) + (plugins.isEmpty() ? "" : "," + plugins);
    return Finding.warning(
        PLUGINS,
        "spark.plugins=%s leaves out %s: %s"
            .formatted(
                plugins,
                String.join(", ", missing),
                missing.contains(ProgressPlugin.class.getName())
                    ? "progress would stand still"
                    : "an executor may end inside a native call"),
        "Add it: --conf spark.plugins=" + all + ".");
  }
}

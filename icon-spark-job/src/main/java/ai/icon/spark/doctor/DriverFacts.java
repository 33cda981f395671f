package ai.icon.spark.doctor;

import static java.util.Objects.requireNonNull;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The driver's own process and machine.
 *
 * @param javaVersion feature number, such as 17
 * @param sparkVersion such as 3.5.7
 * @param scalaVersion such as 2.12.18
 * @param heapBytes most that the heap may take
 * @param memoryBytes of the machine or of its container
 * @param cores that this process may use
 * @param hasHadoopSettings whether the environment or the class path names Hadoop's settings
 */
record DriverFacts(
    int javaVersion,
    String sparkVersion,
    String scalaVersion,
    long heapBytes,
    long memoryBytes,
    int cores,
    boolean hasHadoopSettings) {

  DriverFacts {
    requireNonNull(sparkVersion, "sparkVersion");
    requireNonNull(scalaVersion, "scalaVersion");
  }

  static DriverFacts here() {
    return new DriverFacts(
        Runtime.version().feature(),
        org.apache.spark.package$.MODULE$.SPARK_VERSION(),
        scala.util.Properties.versionNumberString(),
        Runtime.getRuntime().maxMemory(),
        machineMemory(),
        Runtime.getRuntime().availableProcessors(),
        isSet("HADOOP_CONF_DIR")
            || isSet("YARN_CONF_DIR")
            || DriverFacts.class.getResource("/yarn-site.xml") != null);
  }

  /** Memory of the machine that this is called on, or of its container. */
  static long machineMemory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  private static boolean isSet(String variable) {
    String value = System.getenv(variable);
    return value != null && !value.isBlank();
  }
}

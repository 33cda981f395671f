package ai.icon.spark.submit;

import static java.util.Objects.requireNonNull;

import ai.icon.checkpoint.HubCache;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code submit/icon} found out about the machine that it runs on.
 *
 * @param home icon's own folder, with {@code conf}
 * @param folder the user's working folder, absolute
 * @param sparkSubmit path of the {@code spark-submit} that SPARK_HOME names; empty if it is not set
 * @param sparkOnPath path of another one, such as pip's, for masters that are not local; or empty
 * @param sparkDefaults Spark's own file of settings, which need not exist
 * @param jar the jar for clusters
 * @param java path of the {@code java} to use
 * @param classPath icon and Spark, for a run without {@code spark-submit}
 * @param sparkOpens what Spark needs opened on Java 17
 * @param driverMemory heap of the driver where nothing else says it
 * @param properties a file that nobody else can read, for settings that may hold secrets: a command
 *     line can be read by all users of a machine
 * @param submissionId differs between any two submissions
 * @param hub the models that Hugging Face's tools have downloaded here
 */
public record SubmitPlace(
    Path home,
    Path folder,
    String sparkSubmit,
    String sparkOnPath,
    Path sparkDefaults,
    String jar,
    String java,
    String classPath,
    List<String> sparkOpens,
    String driverMemory,
    Path properties,
    String submissionId,
    HubCache hub) {
  /** Checks that all is given, and copies the list. */
  public SubmitPlace {
    requireNonNull(home, "home");
    requireNonNull(folder, "folder");
    requireNonNull(sparkSubmit, "sparkSubmit");
    requireNonNull(sparkOnPath, "sparkOnPath");
    requireNonNull(sparkDefaults, "sparkDefaults");
    requireNonNull(jar, "jar");
    requireNonNull(java, "java");
    requireNonNull(classPath, "classPath");
    requireNonNull(driverMemory, "driverMemory");
    requireNonNull(properties, "properties");
    requireNonNull(submissionId, "submissionId");
    requireNonNull(hub, "hub");
    sparkOpens = List.copyOf(sparkOpens);
  }

  /** The {@code spark-submit} to use; empty for Spark's class on the build's own jars. */
  String sparkSubmit(boolean isLocal) {
    return sparkSubmit.isEmpty() && !isLocal ? sparkOnPath : sparkSubmit;
  }
}

package ai.icon.spark.stage;

import java.util.Optional;

/** The version that the jar's manifest names. */
final class BuildVersion {
  private BuildVersion() {}

  /** The version, or {@code development} where classes run without their jar. */
  static String version() {
    return Optional.ofNullable(BuildVersion.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}

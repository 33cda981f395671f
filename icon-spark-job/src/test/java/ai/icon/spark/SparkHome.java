package ai.icon.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Spark as a cluster has it, without anything of icon's: the distribution that the system
 * property {@code icon.spark.home} names, or one that is put together from the build's own Spark
 * jars.
 *
 * @param folder with {@code bin/spark-submit}, {@code bin/spark-class} and {@code jars}
 */
public record SparkHome(Path folder) {
  private static final String PROPERTY = "icon.spark.home";

  /** What Spark brings as well as icon does, by the beginning of the file's name. */
  private static final List<String> OF_BOTH = List.of("commons-", "jackson-", "slf4j-api-");

  /** The launcher prints an empty line, then the command's words with a zero behind each. */
  private static final String SPARK_CLASS =
      """
      #!/usr/bin/env bash
      export SPARK_HOME="%1$s" SPARK_SCALA_VERSION=2.12
      { read -r _; mapfile -d '' -t words; } \\
        < <("%2$s" -Xmx128m -cp "%1$s/jars/*" org.apache.spark.launcher.Main "$@")
      [ "${#words[@]}" -gt 0 ] || exit 1
      exec "${words[@]}"
      """;

  private static final String SPARK_SUBMIT =
      """
      #!/usr/bin/env bash
      exec "%1$s/bin/spark-class" org.apache.spark.deploy.SparkSubmit "$@"
      """;

  /** The one to test with. */
  public static SparkHome toTest() throws IOException {
    String given = System.getProperty(PROPERTY, "");
    return given.isEmpty() ? ofTheBuild() : new SparkHome(Path.of(given).toAbsolutePath());
  }

  /** One of the jars that the build resolved, below {@code target}. */
  public static SparkHome ofTheBuild() throws IOException {
    Path target = Path.of("target").toAbsolutePath();
    Path home = target.resolve("spark-home");
    Path jars = Files.createDirectories(home.resolve("jars"));
    try (Stream<Path> earlier = Files.list(jars)) {
      for (Path link : earlier.toList()) {
        Files.delete(link);
      }
    }
    for (Path jar : sparkJars(target)) {
      Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
    }
    // Spark takes a home with this file for a distribution and one without it for its own sources.
    Files.writeString(home.resolve("RELEASE"), "Spark from the build's jars\n");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path bin = Files.createDirectories(home.resolve("bin"));
    script(bin.resolve("spark-class"), SPARK_CLASS.formatted(home, java));
    script(bin.resolve("spark-submit"), SPARK_SUBMIT.formatted(home));
    return new SparkHome(home);
  }

  /** Whether a jar of that name is a part of it. */
  public boolean hasJar(String name) {
    return Files.exists(folder.resolve("jars").resolve(name));
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("Cannot make " + file + " executable");
    }
  }

  private static List<Path> sparkJars(Path target) throws IOException {
    List<String> ours = classPath(target.resolve("classpath-runtime.txt")).toList();
    return classPath(target.resolve("classpath.txt"))
        .filter(jar -> !ours.contains(jar) || OF_BOTH.stream().anyMatch(name(jar)::startsWith))
        .map(Path::of)
        .toList();
  }

  private static String name(String jar) {
    return Path.of(jar).getFileName().toString();
  }

  private static Stream<String> classPath(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          "Cannot make a Spark of the build's jars: " + file + " is not there. Run mvn package.");
    }
    return Arrays.stream(Files.readString(file).strip().split(File.pathSeparator, -1));
  }
}

package ai.icon.spark.fault;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A driver in a process of its own, with executors that are processes too. They are started with
 * this process's class path; closing it kills what is left of them.
 */
final class IconProcess implements AutoCloseable {
  private static final String BACKEND = "CoarseGrainedExecutorBackend";
  private static final long PATIENCE_SECONDS = 60;

  private final Process driver;
  private final Path log;
  private final List<ProcessHandle> seen = new ArrayList<>();

  private IconProcess(Process driver, Path log) {
    this.driver = driver;
    this.log = log;
  }

  /**
   * An executor's process.
   *
   * @param id that Spark gave it
   */
  record Executor(String id, ProcessHandle process) {}

  /**
   * Starts one.
   *
   * @param mainClass of the command line
   * @param arguments the command line
   * @param work a folder for what Spark leaves behind
   * @param log gets what it prints, appended
   */
  static IconProcess start(String mainClass, List<String> arguments, Path work, Path log)
      throws IOException {
    // Spark asks for a folder of jars; the executors' are those of this process.
    Path home = work.resolve("spark-home");
    Files.createDirectories(home.resolve("jars"));
    Files.createDirectories(home.resolve("conf"));
    ProcessBuilder builder = new ProcessBuilder(command(mainClass, arguments, work));
    builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
    builder
        .environment()
        .putAll(
            new TreeMap<>(
                java.util.Map.of(
                    "SPARK_HOME", home.toString(),
                    "SPARK_CONF_DIR", home.resolve("conf").toString(),
                    "SPARK_SCALA_VERSION", scalaVersion(),
                    "SPARK_LOCAL_DIRS", work.resolve("scratch").toString(),
                    "SPARK_WORKER_DIR", work.resolve("executors").toString(),
                    "SPARK_LOCAL_IP", "127.0.0.1",
                    "JAVA_HOME", System.getProperty("java.home"))));
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new IconProcess(process, log);
  }

  private static List<String> command(String mainClass, List<String> arguments, Path work) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What Spark needs opened is what this process was started with.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.add("-Xmx700m");
    command.add("-Dai.djl.offline=true");
    command.add("-Djava.io.tmpdir=" + work);
    String logging = System.getProperty("log4j2.configurationFile", "");
    if (!logging.isEmpty()) {
      command.add("-Dlog4j2.configurationFile=" + Path.of(logging).toAbsolutePath());
    }
    command.addAll(List.of("-cp", classPath(), mainClass));
    command.addAll(arguments);
    return command;
  }

  /** The class path of this process and of all that it starts. */
  static String classPath() {
    // Some who start tests write it over several lines.
    return System.getProperty("java.class.path").replace('\n', File.pathSeparatorChar);
  }

  private static String scalaVersion() {
    return scala.util.Properties.versionNumberString().replaceFirst("^(\\d+\\.\\d+).*", "$1");
  }

  /** Executors that run now, by their ids. */
  List<Executor> executors() {
    List<Executor> executors = new ArrayList<>();
    driver
        .children()
        .forEach(
            child -> {
              List<String> words = words(child);
              int at = words.indexOf("--executor-id");
              if (at > 0 && words.stream().anyMatch(word -> word.endsWith(BACKEND))) {
                executors.add(new Executor(words.get(at + 1), child));
                if (!seen.contains(child)) {
                  seen.add(child);
                }
              }
            });
    executors.sort(java.util.Comparator.comparing(Executor::id));
    return executors;
  }

  /** Whether it has not ended. */
  boolean isAlive() {
    return driver.isAlive();
  }

  /** Waits for its end. */
  boolean endsIn(long millis) throws InterruptedException {
    return driver.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** How it ended. */
  int exitCode() {
    return driver.exitValue();
  }

  /** What it printed, and those before it. */
  String printed() throws IOException {
    return Files.readString(log);
  }

  /** Ends the driver as the kernel does; its executors are left to find out. */
  void killDriver() {
    executors();
    kill(driver.toHandle());
  }

  /** Ends a process as the kernel does and waits until it is gone. */
  static void kill(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Stops a process where it is, or lets it go on. */
  static void signal(ProcessHandle process, String signal)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    killDriver();
    for (ProcessHandle one : seen) {
      try {
        one.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        one.destroyForcibly();
      } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
        kill(one);
      }
    }
  }

  /** Java's own view of a command line is cut behind a page. */
  private static List<String> words(ProcessHandle process) {
    Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
    try {
      return List.of(Files.readString(file).split("\0", -1));
    } catch (java.nio.file.NoSuchFileException e) {
      return List.of(); // it has ended since it was listed
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + requireNonNull(file), e);
    }
  }
}

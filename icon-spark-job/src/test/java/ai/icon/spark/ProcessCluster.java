package ai.icon.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real standalone cluster on this machine: a master and some workers, each a process of its own,
 * each worker with one pretended GPU whose address is the worker's number. Logs of all of them stay
 * in the cluster's folder, those of executors and drivers below {@code worker-N}. Closing it ends
 * every process that it started.
 */
public final class ProcessCluster implements AutoCloseable {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");
  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";
  private static final String LOCAL = "127.0.0.1";
  private static final String SCRATCH = "scratch";
  private static final String DRIVER = "DriverWrapper";

  private final SparkHome home;
  private final Path place;
  private final List<Process> started = new ArrayList<>();
  private final List<Process> workers = new ArrayList<>();
  private final Thread atExit = new Thread(this::killAll, "process-cluster");
  private String master = "";
  private boolean isClosed;

  private ProcessCluster(SparkHome home, Path place) {
    this.home = home;
    this.place = place;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Starts a cluster and waits until its workers are registered.
   *
   * @param name of its folder below {@code target/clusters}, which is emptied
   * @param workers how many
   */
  public static ProcessCluster start(SparkHome home, String name, int workers)
      throws IOException, InterruptedException {
    return start(home, name, Collections.nCopies(workers, LOCAL));
  }

  /**
   * Starts a cluster and waits until its workers are registered.
   *
   * @param name of its folder below {@code target/clusters}, which is emptied
   * @param hosts an address of this machine for each worker: on Linux all of 127.0.0.0/8 are. Spark
   *     takes each for a machine
   */
  public static ProcessCluster start(SparkHome home, String name, List<String> hosts)
      throws IOException, InterruptedException {
    Path place = Path.of("target/clusters").toAbsolutePath().resolve(name);
    delete(place);
    ProcessCluster cluster = new ProcessCluster(home, Files.createDirectories(place));
    try {
      cluster.startMaster();
      for (int i = 0; i < hosts.size(); i++) {
        cluster.startWorker(i, hosts.get(i));
      }
      for (int i = 0; i < hosts.size(); i++) {
        cluster.await("worker-" + i, REGISTERED);
      }
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void startMaster() throws IOException, InterruptedException {
    ProcessBuilder builder =
        daemon("master.Master", "--host", LOCAL, "--port", "0", "--webui-port", "0");
    // One master of this machine would get its port, and the next one none.
    builder.environment().put("SPARK_MASTER_OPTS", "-Dspark.master.rest.enabled=false");
    start("master", builder);
    master = await("master", MASTER).group(1);
  }

  private void startWorker(int number, String host) throws IOException {
    String name = "worker-" + number;
    ProcessBuilder builder =
        daemon(
            "worker.Worker",
            "--host",
            host,
            "--webui-port",
            "0",
            "--cores",
            "2",
            // What executors and drivers may ask for in all, not what anybody takes.
            "--memory",
            "2g",
            "--work-dir",
            place.resolve(name).toString(),
            master);
    builder.environment().put("SPARK_LOCAL_IP", host); // of its executors as well
    builder.environment().put("ICON_PRETENDED_GPUS", Integer.toString(number));
    builder
        .environment()
        .put(
            "SPARK_WORKER_OPTS",
            "-Dspark.worker.resource.gpu.amount=1 \"-Dspark.worker.resource.gpu.discoveryScript="
                + REPOSITORY.resolve("conf/gpu-discovery.sh")
                + "\"");
    workers.add(start(name, builder));
  }

  private ProcessBuilder daemon(String className, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.folder().resolve("bin/spark-class").toString());
    command.add("org.apache.spark.deploy." + className);
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    environment(builder.environment());
    builder.environment().put("SPARK_DAEMON_MEMORY", "256m");
    return builder;
  }

  private void environment(Map<String, String> environment) throws IOException {
    environment.keySet().removeIf(name -> name.startsWith("SPARK_") || name.startsWith("ICON_"));
    environment.put("SPARK_HOME", home.folder().toString());
    environment.put("SPARK_CONF_DIR", Files.createDirectories(place.resolve("conf")).toString());
    // What a killed process leaves there goes with the cluster.
    environment.put("SPARK_LOCAL_DIRS", place.resolve(SCRATCH).toString());
    environment.put("SPARK_LOCAL_IP", LOCAL);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    // Processes of a few seconds on two cores: compiling their code thoroughly takes longer.
    environment.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
  }

  /** Under the lock of {@link #killAll}: whoever asks for a process after that gets none. */
  private synchronized Process start(ProcessBuilder builder) throws IOException {
    if (isClosed) {
      throw new IllegalStateException("Cannot start " + builder.command() + ": closed");
    }
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Process start(String name, ProcessBuilder builder) throws IOException {
    return start(builder.redirectErrorStream(true).redirectOutput(log(name).toFile()));
  }

  private Matcher await(String name, Pattern line) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      Matcher matcher = line.matcher(Files.readString(log(name)));
      if (matcher.find()) {
        return matcher;
      }
      if (started.stream().anyMatch(process -> !process.isAlive())) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new IllegalStateException(
        "Cannot start "
            + name
            + ": its log has no '"
            + line
            + "':\n"
            + Files.readString(log(name)));
  }

  /** The master's URL. */
  public String master() {
    return master;
  }

  /** The cluster's folder. */
  public Path place() {
    return place;
  }

  /** Where a process of {@link #icon} or of the cluster writes what it prints. */
  public Path log(String name) {
    return place.resolve(name + ".log");
  }

  /**
   * Starts {@code submit/icon} in a process of its own, with this cluster's Spark. Standard output
   * goes to {@code NAME.out.log} and standard error to {@code NAME.log}.
   *
   * @param name of the logs
   * @param arguments the command line; the master is not added
   */
  public Process icon(String name, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(REPOSITORY.resolve("submit/icon").toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    environment(builder.environment());
    builder.environment().put("ICON_DRIVER_MEMORY", "700m");
    return start(
        builder.redirectOutput(log(name + ".out").toFile()).redirectError(log(name).toFile()));
  }

  /** Executor processes that run now, in the order of the workers. */
  public List<ProcessHandle> executors() {
    return childrenOfWorkers(EXECUTOR);
  }

  /** Spark's id of an executor. */
  public static String executorId(ProcessHandle executor) {
    List<String> words = List.of(commandLine(executor).split("\0", -1));
    return words.get(words.indexOf("--executor-id") + 1);
  }

  /**
   * Where an executor logs.
   *
   * @param id as of {@link #executorId}; of the one job that runs here
   */
  public Path executorLog(String id) throws IOException {
    try (Stream<Path> files =
        Files.find(place, 4, (file, attributes) -> file.endsWith(id + "/stderr"))) {
      return files.findFirst().orElseThrow();
    }
  }

  /** Driver processes of cluster mode that run now, in the order of the workers. */
  public List<ProcessHandle> drivers() {
    return childrenOfWorkers(DRIVER);
  }

  /** Ends a process as the kernel does, with SIGKILL, and waits until it is gone. */
  public static void kill(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  private List<ProcessHandle> childrenOfWorkers(String className) {
    return workers.stream()
        .flatMap(Process::children)
        .filter(child -> commandLine(child).contains(className))
        .toList();
  }

  /** Java's own view of it is cut behind a page. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    } catch (IOException e) {
      return ""; // It has ended since it was listed.
    }
  }

  @Override
  public void close() {
    killAll();
    Runtime.getRuntime().removeShutdownHook(atExit);
    try {
      delete(place.resolve(SCRATCH));
      deleteJars(place);
      deleteJars(home.folder().resolve("work")); // where a local-cluster has its workers
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot clear " + place, e);
    }
  }

  private static void deleteJars(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      // Every executor and driver got a copy of the 140 MB jar.
      for (Path jar : files.filter(ProcessCluster::isOurJar).toList()) {
        Files.delete(jar);
      }
    }
  }

  private static boolean isOurJar(Path file) {
    return file.getFileName().toString().matches("icon-spark-job-.*\\.jar");
  }

  private synchronized void killAll() {
    isClosed = true;
    for (Process process : started) {
      // Children first: an orphan would be nobody's child and stay.
      List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
      all.add(process.toHandle());
      all.forEach(ProcessHandle::destroyForcibly);
      all.forEach(one -> one.onExit().join());
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

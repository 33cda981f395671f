package ai.icon.spark.submit;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The process that runs a command line: {@code spark-submit} of a Spark, or Spark's class for it on
 * the build's own jars where there is none.
 *
 * @param words of the process's command
 * @param properties for the file that the words name: settings that may hold secrets, which a
 *     command line would show to all users of the machine. Empty where the words name no such file
 * @param question words of the command that tells how the job ended, where the process cannot:
 *     spark-submit may exit with 0 although a driver in cluster mode failed. Otherwise empty
 * @param result what the job prints last where it succeeds and prints elsewhere; or empty
 */
public record Submission(
    List<String> words,
    SortedMap<String, String> properties,
    List<String> question,
    String result) {
  static final String JOB = "ai.icon.spark.cli.IconJob";
  static final String SUBMIT = "org.apache.spark.deploy.SparkSubmit";
  static final String NO_JAR = "spark-internal";
  static final String DRIVER_OPTIONS = "spark.driver.extraJavaOptions";
  private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";
  private static final String ARCHIVES = SparkOption.ARCHIVES.option();
  private static final String ATTEMPT = "spark.icon.attempt";
  private static final String OFFLINE = "-Dai.djl.offline=true";

  /** Copies the lists. */
  public Submission {
    requireNonNull(result, "result");
    words = List.copyOf(words);
    properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
    question = List.copyOf(question);
  }

  /**
   * Says what runs a command line.
   *
   * @param arguments as the user gave them
   * @param configured Spark settings and icon's in {@code --config} files
   * @param place where this is
   * @throws UserError if Spark's options contradict each other or cannot be met here
   */
  public static Submission of(List<String> arguments, ConfigFiles configured, SubmitPlace place) {
    SplitArguments split = SplitArguments.of(arguments);
    GivenSettings settings = GivenSettings.of(split, configured.spark(), place.sparkDefaults());
    Destination master =
        new Destination(
            settings.of("spark.master", "local[*]"),
            settings.of("spark.submit.deployMode", "client"));
    String sparkSubmit = place.sparkSubmit(master.isLocal());
    boolean hasSpark = !sparkSubmit.isEmpty();
    master.checkAgainst(split.job(), hasSpark);
    JobArguments job = new JobArguments(split.job(), configured, place.folder(), place.hub());
    List<String> jobWords = master.isLocal() ? split.job() : job.reachable(settings);
    List<String> driver = driverOptions(settings, master, place);
    if (split.job().contains("--verbose")) {
      driver.add("-Dicon.log.level=INFO");
    }
    List<String> words = new ArrayList<>();
    if (hasSpark) {
      words.add(sparkSubmit);
      if (!settings.has("spark.driver.memory")) {
        words.addAll(List.of("--driver-memory", place.driverMemory()));
      }
    } else {
      words.add(place.java());
      words.add("-Xmx" + settings.of("spark.driver.memory", place.driverMemory()));
      words.addAll(place.sparkOpens());
      words.addAll(master.isCluster() ? List.of() : driver);
      words.addAll(List.of("-cp", place.classPath(), SUBMIT));
    }
    words.addAll(List.of("--class", JOB));
    SparkFile file = SparkFile.of(split, configured, settings, hasSpark, place);
    SortedMap<String, String> options = options(split, master, file);
    SortedMap<String, String> conf = new TreeMap<>(file.conf());
    if (master.isYarn() && !master.isCluster() && options.containsKey(ARCHIVES)) {
      // As an option they are unpacked for executors only, and the driver reads the model too.
      conf.put(SparkOption.ARCHIVES.key(), options.remove(ARCHIVES));
    }
    options.forEach((option, value) -> words.addAll(List.of(option, value)));
    conf.putAll(ours(settings, master, driver, place.submissionId()));
    conf.forEach((key, value) -> words.addAll(List.of("--conf", key + "=" + value)));
    words.add(hasSpark || !master.isLocal() ? place.jar() : NO_JAR);
    words.addAll(jobWords);
    boolean isAsked = master.isCluster() && master.isAwaited(settings);
    return isAsked
        ? new Submission(
            words,
            file.properties(),
            StatusQuestion.of(job, split, file, sparkSubmit, place),
            job.result())
        : new Submission(words, file.properties(), List.of(), "");
  }

  private static SortedMap<String, String> options(
      SplitArguments split, Destination master, SparkFile file) {
    SortedMap<String, String> options = new TreeMap<>();
    split.spark().forEach((option, value) -> options.put(option.option(), value));
    if (!file.path().isEmpty()) {
      options.put(SparkOption.PROPERTIES_FILE.option(), file.path());
    }
    options.putIfAbsent(SparkOption.MASTER.option(), master.url());
    return options;
  }

  private static SortedMap<String, String> ours(
      GivenSettings settings, Destination master, List<String> driver, String id) {
    SortedMap<String, String> ours = new TreeMap<>();
    ours.put(DRIVER_OPTIONS, String.join(" ", driver.stream().map(Submission::quoted).toList()));
    ours.put(EXECUTOR_OPTIONS, (settings.of(EXECUTOR_OPTIONS, "") + " " + OFFLINE).strip());
    // The engine must neither fetch natives nor report home.
    ours.put("spark.executorEnv.OPT_OUT_TRACKING", "true");
    if (master.isCluster()) {
      // Otherwise spark-submit ends as soon as the driver was accepted.
      ours.put(master.waiting(), Boolean.toString(master.isAwaited(settings)));
      ours.put(ATTEMPT, id);
    }
    return ours;
  }

  private static List<String> driverOptions(
      GivenSettings settings, Destination master, SubmitPlace place) {
    List<String> options = new ArrayList<>();
    if (master.isCluster() && master.isStandalone()) {
      // Spark adds them to every driver but this one, and Java 17 needs them.
      options.addAll(place.sparkOpens());
    }
    if (master.isCluster()) { // There the driver logs as its cluster does: our file is not there.
      options.addAll(List.of(OFFLINE, home(place)));
    } else {
      options.addAll(ownOptions(place));
    }
    String given = settings.of(DRIVER_OPTIONS, "");
    if (!given.isEmpty()) {
      options.addAll(Words.split(given));
    }
    return options;
  }

  /** What icon wants of a JVM on this machine. */
  static List<String> ownOptions(SubmitPlace place) {
    Path log = place.home().resolve("conf/log4j2.properties");
    return List.of(OFFLINE, home(place), "-Dlog4j2.configurationFile=" + log);
  }

  private static String home(SubmitPlace place) {
    return "-Dicon.home=" + place.home();
  }

  static String quoted(String word) {
    return word.chars().anyMatch(Character::isWhitespace)
        ? '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
        : word;
  }
}

package ai.icon.spark.submit;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The process that runs a command line: {@code spark-submit} of a Spark, or Spark's class for it on
 * the build's own jars where there is none.
 *
 * @param words of the process's command
 * @param question the command line of icon that tells how the job ended, where the process cannot:
 *     spark-submit may exit with 0 although a driver in cluster mode failed. Otherwise empty
 * @param result what the job prints last where it succeeds and prints elsewhere; or empty
 */
public record Submission(List<String> words, List<String> question, String result) {
  private static final String JOB = "ai.icon.spark.cli.IconJob";
  private static final String SUBMIT = "org.apache.spark.deploy.SparkSubmit";
  private static final String NO_JAR = "spark-internal";
  private static final String DRIVER_OPTIONS = "spark.driver.extraJavaOptions";
  private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";
  private static final String ATTEMPT = "spark.icon.attempt";
  private static final String OFFLINE = "-Dai.djl.offline=true";

  /** Copies the lists. */
  public Submission {
    requireNonNull(result, "result");
    words = List.copyOf(words);
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
    SparkSettings settings = SparkSettings.of(split, configured.spark(), place.sparkDefaults());
    SparkMaster master =
        new SparkMaster(
            settings.of("spark.master", "local[*]"),
            settings.of("spark.submit.deployMode", "client"));
    String sparkSubmit = place.sparkSubmit(master.isLocal());
    boolean hasSpark = !sparkSubmit.isEmpty();
    master.checkAgainst(split.job(), hasSpark);
    JobArguments job = new JobArguments(split.job(), configured, place.folder());
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
    options(split, master).forEach((option, value) -> words.addAll(List.of(option, value)));
    SortedMap<String, String> conf = new TreeMap<>(configured.spark());
    conf.putAll(split.conf());
    conf.putAll(ours(settings, master, driver, place.submissionId()));
    conf.forEach((key, value) -> words.addAll(List.of("--conf", key + "=" + value)));
    words.add(hasSpark || !master.isLocal() ? place.jar() : NO_JAR);
    words.addAll(jobWords);
    boolean isAsked = master.isCluster() && master.isAwaited(settings);
    return isAsked
        ? new Submission(words, question(job, settings, place), job.result())
        : new Submission(words, List.of(), "");
  }

  private static List<String> question(
      JobArguments job, SparkSettings settings, SubmitPlace place) {
    List<String> question = new ArrayList<>(List.of("status", "--exit-code"));
    question.addAll(List.of("--out", job.runFolder(), "--attempt", place.submissionId()));
    settings
        .startingWith("spark.hadoop.")
        .forEach((key, value) -> question.addAll(List.of("--conf", key + "=" + value)));
    return question;
  }

  private static SortedMap<String, String> options(SplitArguments split, SparkMaster master) {
    SortedMap<String, String> options = new TreeMap<>();
    split.spark().forEach((option, value) -> options.put(option.option(), value));
    options.putIfAbsent(SparkOption.MASTER.option(), master.url());
    return options;
  }

  private static SortedMap<String, String> ours(
      SparkSettings settings, SparkMaster master, List<String> driver, String id) {
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
      SparkSettings settings, SparkMaster master, SubmitPlace place) {
    List<String> options = new ArrayList<>();
    if (master.isCluster() && master.isStandalone()) {
      // Spark adds them to every driver but this one, and Java 17 needs them.
      options.addAll(place.sparkOpens());
    }
    options.add(OFFLINE);
    options.add("-Dicon.home=" + place.home());
    if (!master.isCluster()) { // There the driver logs as its cluster does: this file is not there.
      options.add("-Dlog4j2.configurationFile=" + place.home().resolve("conf/log4j2.properties"));
    }
    String given = settings.of(DRIVER_OPTIONS, "");
    if (!given.isEmpty()) {
      options.addAll(Words.split(given));
    }
    return options;
  }

  private static String quoted(String word) {
    return word.chars().anyMatch(Character::isWhitespace)
        ? '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
        : word;
  }
}

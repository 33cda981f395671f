package ai.icon.spark.submit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The command that asks the run folder how a job ended. It goes the way of the job, through the
 * same spark-submit with the same jars and settings, so that it reaches whatever the job reached.
 */
final class StatusQuestion {
  private static final String HEAP = "512m";

  /** Settings that decide what can be reached; all others are the job's. */
  private static final List<String> REACHING =
      List.of("spark.hadoop.", "spark.jars", "spark.driver.extraClassPath");

  private StatusQuestion() {}

  /**
   * The words of the command.
   *
   * @param sparkSubmit empty for Spark's class on the build's own jars
   */
  static List<String> of(
      JobArguments job,
      SplitArguments split,
      SparkFile file,
      String sparkSubmit,
      SubmitPlace place) {
    List<String> words = new ArrayList<>();
    List<String> own = Submission.ownOptions(place);
    if (sparkSubmit.isEmpty()) {
      words.addAll(List.of(place.java(), "-Xmx" + HEAP));
      words.addAll(place.sparkOpens());
      words.addAll(own);
      words.addAll(List.of("-cp", place.classPath(), Submission.SUBMIT));
    } else {
      words.addAll(List.of(sparkSubmit, "--driver-memory", HEAP));
    }
    words.addAll(List.of("--master", "local[1]", "--deploy-mode", "client"));
    words.addAll(List.of("--class", Submission.JOB));
    if (!file.path().isEmpty()) {
      words.addAll(List.of(SparkOption.PROPERTIES_FILE.option(), file.path()));
    }
    Stream.of(SparkOption.JARS, SparkOption.PACKAGES)
        .filter(split.spark()::containsKey)
        .forEach(option -> words.addAll(List.of(option.option(), split.spark().get(option))));
    file.conf().entrySet().stream()
        .filter(setting -> REACHING.stream().anyMatch(setting.getKey()::startsWith))
        .forEach(
            setting ->
                words.addAll(List.of("--conf", setting.getKey() + "=" + setting.getValue())));
    // Those of the job may speak of files of another machine.
    String options = String.join(" ", own.stream().map(Submission::quoted).toList());
    words.addAll(List.of("--conf", Submission.DRIVER_OPTIONS + "=" + options));
    words.add(sparkSubmit.isEmpty() ? Submission.NO_JAR : place.jar());
    words.addAll(List.of("status", "--exit-code", "--out", job.runFolder()));
    words.addAll(List.of("--attempt", place.submissionId()));
    return words;
  }
}

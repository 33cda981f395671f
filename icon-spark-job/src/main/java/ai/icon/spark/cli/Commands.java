package ai.icon.spark.cli;

import ai.icon.spark.bench.Benchmark;
import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.doctor.Diagnosis;
import ai.icon.spark.executor.ModelReport;
import ai.icon.spark.run.StageName;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the commands call: the job on one side, a recording fake in tests on the other. All methods
 * throw {@link ai.icon.error.UserError} and {@link ai.icon.error.ResourceError}, also as causes.
 */
public interface Commands {

  /**
   * The settings that a run folder stores.
   *
   * @param out the run folder, any path of Hadoop's, which need not exist
   * @param sparkSettings settings of Spark, of which those of Hadoop count
   * @return what {@link RunConfig#render} gave, or empty where nothing is stored yet
   */
  Optional<String> storedSettings(String out, Map<String, String> sparkSettings);

  /**
   * Runs some stages. Figures for people go to {@code table}, everything else to standard error.
   *
   * @param stages in the order of the data, at least one
   * @return the folder that the last of them wrote: a plain path on a local disk, otherwise a URI
   */
  String run(RunConfig config, JobOptions options, List<StageName> stages, PrintStream table);

  /**
   * Notes in a run folder how an attempt that was given an id has failed, for {@code icon status
   * --attempt}; does nothing for one without an id, or where the folder cannot be written to.
   *
   * @param out the run folder
   * @param failure why; what hinders the note is added to it
   */
  void refused(String out, JobOptions options, Throwable failure);

  /**
   * Runs the built-in example.
   *
   * @param out the run folder
   * @return the folder of the selection
   */
  String demo(String out, JobOptions options, PrintStream table);

  /**
   * Times a model.
   *
   * @param secondsEach how long each figure is measured
   * @param table gets the figures, the last line as JSON
   */
  void bench(ModelConfig model, double secondsEach, PrintStream table);

  /**
   * Measures something in a Spark session; the last line is JSON.
   *
   * @param options master and settings of the session
   * @param work a folder in which the benchmark makes one of its own, and removes it
   */
  void bench(Benchmark benchmark, JobOptions options, Path work, PrintStream lines);

  /**
   * Looks for what would make a run hang or die. Opens a session and asks its executors unless it
   * is refused before.
   *
   * @return the findings, refusals among them
   */
  Diagnosis doctor(RunConfig config, JobOptions options);

  /**
   * Prints how far a run is.
   *
   * @return the exit code that tells its state, as {@code icon status --help} lists them
   */
  int status(StatusCommand.Request request, PrintStream table);

  /**
   * Looks at a checkpoint.
   *
   * @param lines gets each line for people as soon as it is known
   * @return what was found, refusals among it
   */
  ModelReport model(ModelCommand.Request request, Consumer<String> lines);

  /**
   * Scores rows of JSON.
   *
   * @param rows one JSON object a line, UTF-8
   * @param losses gets exactly one JSON line for each row, in order
   */
  void loss(LossCommand.Request request, InputStream rows, PrintStream losses);
}

package ai.icon.spark;

import ai.icon.spark.bench.Benchmark;
import ai.icon.spark.cli.Commands;
import ai.icon.spark.cli.IconJob;
import ai.icon.spark.cli.LossCommand;
import ai.icon.spark.cli.ModelCommand;
import ai.icon.spark.cli.StatusCommand;
import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.doctor.Diagnosis;
import ai.icon.spark.executor.ModelReport;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.StageName;
import ai.icon.spark.stage.Job;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The command line in a test's own process and session, which stays open. */
public final class LocalIcon implements Commands {
  /** A tiny checkpoint with random weights: fast, and its losses mean nothing. */
  public static final String RANDOM_MODEL = "../icon-core/src/test/resources/golden/llama";

  /** A small trained one. */
  public static final String TRAINED_MODEL = "../tools/tiny-icl/model";

  private final SparkSession spark;

  /**
   * @param spark the test's
   */
  public LocalIcon(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * How a command ended.
   *
   * @param code the exit code
   * @param errors what it wrote to standard error
   */
  public record Outcome(int code, String errors) {}

  /** A session with the settings of the command line's own. */
  public static SparkSession session() {
    return LocalSpark.open("spark.sql.caseSensitive", "true");
  }

  /** Runs one command line. */
  public Outcome execute(List<String> arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        new IconJob(
                this,
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .execute(arguments.toArray(String[]::new));
    return new Outcome(code, err.toString(StandardCharsets.UTF_8));
  }

  /** A table of a run folder. */
  public Dataset<Row> table(Path run, String name) {
    return spark.read().parquet(run.resolve(name).toString());
  }

  /** A run's manifest. */
  public static JsonNode manifest(Path run) throws IOException {
    return new ObjectMapper().readTree(run.resolve("manifest.json").toFile());
  }

  @Override
  public Optional<String> storedSettings(String out, Map<String, String> sparkSettings) {
    try {
      return RunFolder.planned(out, new Configuration()).settings();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String run(
      RunConfig config, JobOptions options, List<StageName> stages, PrintStream table) {
    try {
      Job job = new Job(spark, config, new PrintStream(OutputStream.nullOutputStream()));
      job.run(stages, options.redo());
      return Job.output(job.folder(), stages).toUri().getPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void refused(String out, JobOptions options, Throwable failure) {
    // No attempt of a test has an id.
  }

  @Override
  public String demo(String out, JobOptions options, PrintStream table) {
    throw new UnsupportedOperationException("demo");
  }

  @Override
  public void bench(ModelConfig model, double secondsEach, PrintStream table) {
    throw new UnsupportedOperationException("Nothing is timed in tests");
  }

  @Override
  public void bench(Benchmark benchmark, JobOptions options, Path work, PrintStream lines) {
    throw new UnsupportedOperationException("Nothing is timed in tests");
  }

  @Override
  public Diagnosis doctor(RunConfig config, JobOptions options) {
    throw new UnsupportedOperationException("doctor");
  }

  @Override
  public int status(StatusCommand.Request request, PrintStream table) {
    throw new UnsupportedOperationException("status");
  }

  @Override
  public ModelReport model(ModelCommand.Request request, Consumer<String> lines) {
    throw new UnsupportedOperationException("model");
  }

  @Override
  public void loss(LossCommand.Request request, InputStream rows, PrintStream losses) {
    throw new UnsupportedOperationException("loss");
  }
}

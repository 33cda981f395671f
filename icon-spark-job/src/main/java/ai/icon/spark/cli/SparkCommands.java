package ai.icon.spark.cli;

import ai.icon.error.UserError;
import ai.icon.spark.bench.Benchmark;
import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import ai.icon.spark.executor.ForwardTable;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.executor.ModelSummary;
import ai.icon.spark.progress.ProgressPlugin;
import ai.icon.spark.progress.StageTable;
import ai.icon.spark.run.RunDescription;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.RunRecord;
import ai.icon.spark.run.RunStatus;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import ai.icon.spark.stage.DemoReport;
import ai.icon.spark.stage.Job;
import ai.icon.spark.stage.LossRows;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** The commands on Spark: opens a session, runs the job in it, closes it. */
final class SparkCommands implements Commands {
  private static final String HOME = "icon.home";
  private static final String DEMO = "tools/tiny-icl";

  @Override
  public Optional<String> storedSettings(Path out) {
    try {
      if (!Files.exists(out.resolve("_icon/run.json"))) {
        return Optional.empty();
      }
      return RunFolder.open(out.toString(), new Configuration()).settings();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the settings of " + out, e);
    }
  }

  @Override
  public Path run(RunConfig config, JobOptions options, List<StageName> stages, PrintStream table) {
    try (SparkSession spark = session(options)) {
      return run(spark, config, options, stages, table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path run(
      SparkSession spark,
      RunConfig config,
      JobOptions options,
      List<StageName> stages,
      PrintStream table)
      throws IOException {
    Job job = new Job(spark, config, System.err);
    if (options.dryRun()) {
      job.plan(stages, options.redo()).forEach(table::println);
      return Path.of(config.out());
    }
    RunFolder folder = job.folder();
    finish(job, folder, options, stages, table);
    return local(Job.output(folder, stages));
  }

  private static void finish(
      Job job, RunFolder folder, JobOptions options, List<StageName> stages, PrintStream table)
      throws IOException {
    try {
      List<StageRecord> records = job.run(stages, options.redo());
      table.println(StageTable.of(records));
      SelectorLines.of(records).forEach(table::println);
      RunStatus status = folder.status().orElse(RunStatus.begun(Instant.now()));
      folder.status(status.succeeded(Instant.now()));
      end(folder, RunStatus.State.SUCCEEDED, "");
    } catch (IOException | RuntimeException | Error e) {
      Failure failure = Failure.of(e);
      Optional<RunStatus> status = folder.status();
      // A command that was refused before it began says nothing of the run that lies there.
      if (status.isPresent() && status.get().state() == RunStatus.State.RUNNING) {
        folder.status(
            status.get().failed(failure.code().number(), failure.message(), Instant.now()));
        end(folder, RunStatus.State.FAILED, failure.message());
      }
      throw e;
    }
  }

  private static void end(RunFolder folder, RunStatus.State state, String error)
      throws IOException {
    Optional<RunRecord> run = folder.run();
    if (run.isPresent()) {
      folder.run(run.get().ended(state, error));
    }
  }

  @Override
  public Path demo(Path out, JobOptions options, PrintStream table) {
    Path home = Path.of(System.getProperty(HOME, "")).toAbsolutePath().resolve(DEMO);
    if (!Files.isDirectory(home)) {
      throw new UserError(
          "Cannot run the demo: " + home + " is not there.",
          "Run it as submit/icon demo in a checkout of the repository.");
    }
    Map<Setting, Object> settings = new EnumMap<>(Setting.class);
    settings.put(Setting.POOL_SOURCES, List.of(home.resolve("demo/pool.jsonl").toString()));
    settings.put(Setting.ASSESSMENT_SOURCE, home.resolve("demo/assessment.jsonl").toString());
    settings.put(Setting.MODEL_PATH, home.resolve("model").toString());
    settings.put(Setting.SCORE_CANDIDATES, "240");
    settings.put(Setting.RUN_OUT, out.toString());
    RunConfig config = RunConfig.load(SettingLayers.defaults().options(settings));
    try (SparkSession spark = session(options)) {
      Path selection = run(spark, config, options, StageName.SELECT.upTo(), table);
      if (!options.dryRun()) {
        RunFolder folder = RunFolder.open(config.out(), new Configuration());
        new DemoReport(spark, folder).lines().forEach(table::println);
      }
      return selection;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void bench(ModelConfig model, double secondsEach, PrintStream table) {
    ForwardTable.measure(model, secondsEach).forEach(table::println);
  }

  @Override
  public void bench(Benchmark benchmark, JobOptions options, Path work, PrintStream lines) {
    try (SparkSession spark = session(options)) {
      Files.createDirectories(work);
      Path folder = Files.createTempDirectory(work, "icon-bench");
      try {
        lines.println(benchmark.run(spark, folder, lines));
      } finally {
        FileUtils.deleteDirectory(folder.toFile());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot measure in " + work + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void status(Path out, PrintStream table) {
    try {
      table.println(RunDescription.of(RunFolder.open(out.toString(), new Configuration())));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the run folder " + out, e);
    }
  }

  @Override
  public void loss(LossCommand.Request request, InputStream rows, PrintStream losses) {
    ModelSummary model = ModelSummary.of(request.model().path());
    try {
      new LossRows(ModelKey.of(request.model(), request.prompt(), model.fingerprint()))
          .score(rows, losses);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + request.source(), e);
    }
  }

  /** A session for one run; what the user set with --conf wins. */
  private static SparkSession session(JobOptions options) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .appName("icon")
            .master(options.master())
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.caseSensitive", "true")
            // Small tables in one process: 200 shuffle partitions would be 200 tiny tasks.
            .config("spark.sql.shuffle.partitions", "8")
            .config("spark.plugins", ProgressPlugin.class.getName());
    options.sparkSettings().forEach(builder::config);
    return builder.getOrCreate();
  }

  /** A plain path where the folder is a local one: what a user can paste. */
  private static Path local(org.apache.hadoop.fs.Path path) {
    return Path.of(path.toUri().getPath());
  }
}

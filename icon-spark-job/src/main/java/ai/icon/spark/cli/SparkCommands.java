package ai.icon.spark.cli;

import ai.icon.error.UserError;
import ai.icon.spark.bench.Benchmark;
import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import ai.icon.spark.doctor.Diagnosis;
import ai.icon.spark.executor.ForwardTable;
import ai.icon.spark.executor.ModelInspection;
import ai.icon.spark.executor.ModelKey;
import ai.icon.spark.executor.ModelReport;
import ai.icon.spark.executor.ModelSource;
import ai.icon.spark.executor.ModelSummary;
import ai.icon.spark.progress.ProgressChannel;
import ai.icon.spark.progress.StageTable;
import ai.icon.spark.run.HadoopSettings;
import ai.icon.spark.run.RunDescription;
import ai.icon.spark.run.RunFailure;
import ai.icon.spark.run.RunFolder;
import ai.icon.spark.run.RunStatus;
import ai.icon.spark.run.RunView;
import ai.icon.spark.run.RunWatch;
import ai.icon.spark.run.StageName;
import ai.icon.spark.run.StageRecord;
import ai.icon.spark.stage.DemoReport;
import ai.icon.spark.stage.Job;
import ai.icon.spark.stage.LossRows;
import ai.icon.spark.stage.RunAttempt;
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
import java.util.function.Consumer;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** The commands on Spark: opens a session, runs the job in it, closes it. */
final class SparkCommands implements Commands {
  private static final String HOME = "icon.home";
  private static final String DEMO = "tools/tiny-icl";

  /** From there on the attempt itself says in the run folder how it ended, and in which stage. */
  private boolean isAttempted;

  @Override
  public Optional<String> storedSettings(String out, Map<String, String> sparkSettings) {
    try {
      return RunFolder.planned(out, HadoopSettings.ofProcess(sparkSettings)).settings();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the settings of " + out, e);
    }
  }

  @Override
  public String run(
      RunConfig config, JobOptions options, List<StageName> stages, PrintStream table) {
    String what = stages.size() == 1 ? stages.get(0).text() : "run";
    try (SparkSession spark = checked(what, config, options).open(stages)) {
      return run(spark, config, options, stages, table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void refused(String out, JobOptions options, Throwable failure) {
    Map<String, String> settings = options.sparkSettings();
    String id = settings.getOrDefault(RunAttempt.ID, System.getProperty(RunAttempt.ID, ""));
    if (id.isEmpty() || options.dryRun() || isAttempted) {
      return;
    }
    RunFailure told = RunFailure.of(failure);
    Instant now = Instant.now();
    try {
      RunFolder.planned(out, HadoopSettings.ofProcess(settings))
          .attempt(id, RunStatus.begun(now, id).failed(told.exitCode(), told.message(), now));
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private String run(
      SparkSession spark,
      RunConfig config,
      JobOptions options,
      List<StageName> stages,
      PrintStream table)
      throws IOException {
    Job job = new Job(spark, config, System.err);
    job = options.reweigh() ? job.reweighing() : job;
    if (options.dryRun()) {
      job.plan(stages, options.redo()).forEach(table::println);
      return config.out();
    }
    isAttempted = true;
    List<StageRecord> records = job.run(stages, options.redo());
    table.println(StageTable.of(records, ProgressChannel.memory()));
    SelectorLines.of(records).forEach(table::println);
    return local(Job.output(job.folder(), stages));
  }

  @Override
  public String demo(String out, JobOptions options, PrintStream table) {
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
    try (SparkSession spark = checked("demo", config, options).open(StageName.SELECT.upTo())) {
      String selection = run(spark, config, options, StageName.SELECT.upTo(), table);
      if (!options.dryRun()) {
        RunFolder folder = RunFolder.open(config.out(), spark.sparkContext().hadoopConfiguration());
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
    SparkSession.Builder builder = SparkSession.builder().master(options.master());
    JobSession.settings("bench", "", options).forEach(builder::config);
    try (SparkSession spark = builder.getOrCreate()) {
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
  public int status(StatusCommand.Request request, PrintStream table) {
    Configuration hadoop = HadoopSettings.ofProcess(request.sparkSettings());
    try {
      RunWatch watch = new RunWatch(request.out(), hadoop, request.attempt());
      RunView view = request.waits() ? watch.await(request.limit()) : watch.look();
      RunFolder folder =
          request.exitCode() || request.json()
              ? RunFolder.planned(request.out(), hadoop)
              : RunFolder.open(request.out(), hadoop);
      table.println(request.json() ? view.json() : RunDescription.of(folder, view));
      return view.exitCode();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the run folder " + request.out(), e);
    }
  }

  @Override
  public ModelReport model(ModelCommand.Request request, Consumer<String> lines) {
    Configuration hadoop = HadoopSettings.ofProcess(request.sparkSettings());
    ModelSource source = ModelSource.of(request.model(), hadoop);
    return ModelInspection.of(request.model(), request.prompt(), source, request.loads(), lines);
  }

  @Override
  public void loss(LossCommand.Request request, InputStream rows, PrintStream losses) {
    ModelSource source = ModelSource.of(request.model());
    String fingerprint = ModelSummary.of(source).fingerprint();
    try {
      new LossRows(ModelKey.of(request.model(), request.prompt(), source, fingerprint))
          .score(rows, losses);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + request.source(), e);
    }
  }

  @Override
  public Diagnosis doctor(RunConfig config, JobOptions options) {
    return checked("doctor", config, options).diagnosis();
  }

  private static CheckedSession checked(String command, RunConfig config, JobOptions options) {
    return new CheckedSession(
        config, options, JobSession.settings(command, config.out(), options), System.err);
  }

  /** A plain path where the folder is a local one: what a user can paste. */
  private static String local(org.apache.hadoop.fs.Path path) {
    return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
  }
}

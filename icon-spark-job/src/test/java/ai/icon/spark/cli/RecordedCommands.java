package ai.icon.spark.cli;

import ai.icon.spark.bench.Benchmark;
import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.doctor.Diagnosis;
import ai.icon.spark.executor.ModelReport;
import ai.icon.spark.run.StageName;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Commands that keep what they were called with, and fail on demand. */
final class RecordedCommands implements Commands {
  String stored = "";
  RuntimeException failure;
  Diagnosis diagnosis = new Diagnosis(List.of());
  Error error;

  String refused = "";
  Path askedFor;
  RunConfig config;
  JobOptions options;
  List<StageName> stages = List.of();
  LossCommand.Request request;
  StatusCommand.Request status;
  Benchmark benchmark;

  @Override
  public Optional<String> storedSettings(String out, Map<String, String> sparkSettings) {
    askedFor = Path.of(out);
    return stored.isEmpty() ? Optional.empty() : Optional.of(stored);
  }

  @Override
  public String run(
      RunConfig config, JobOptions options, List<StageName> stages, PrintStream table) {
    if (failure != null) {
      throw failure;
    }
    if (error != null) {
      throw error;
    }
    this.config = config;
    this.options = options;
    this.stages = stages;
    table.println("table");
    return config.out() + "/selection";
  }

  @Override
  public void refused(String out, JobOptions options, Throwable thrown) {
    refused = out + ": " + thrown.getMessage();
  }

  @Override
  public String demo(String out, JobOptions options, PrintStream table) {
    askedFor = Path.of(out);
    this.options = options;
    table.println("table");
    return out + "/selection";
  }

  @Override
  public void bench(ModelConfig model, double secondsEach, PrintStream table) {
    askedFor = Path.of(model.path());
    table.println("{}");
  }

  @Override
  public void bench(Benchmark benchmark, JobOptions options, Path work, PrintStream lines) {
    this.benchmark = benchmark;
    this.options = options;
    lines.println("{}");
  }

  @Override
  public Diagnosis doctor(RunConfig config, JobOptions options) {
    this.config = config;
    this.options = options;
    return diagnosis;
  }

  @Override
  public int status(StatusCommand.Request request, PrintStream table) {
    status = request;
    table.println("status of " + request.out());
    return 6;
  }

  @Override
  public ModelReport model(ModelCommand.Request request, Consumer<String> lines) {
    throw new UnsupportedOperationException("model");
  }

  @Override
  public void loss(LossCommand.Request request, InputStream rows, PrintStream losses) {
    this.request = request;
    new BufferedReader(new InputStreamReader(rows, StandardCharsets.UTF_8))
        .lines()
        .forEach(losses::println);
  }
}

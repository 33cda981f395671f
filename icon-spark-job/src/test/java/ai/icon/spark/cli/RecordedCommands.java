package ai.icon.spark.cli;

import ai.icon.spark.bench.Benchmark;
import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.run.StageName;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Commands that keep what they were called with, and fail on demand. */
final class RecordedCommands implements Commands {
  String stored = "";
  RuntimeException failure;
  Error error;

  Path askedFor;
  RunConfig config;
  JobOptions options;
  List<StageName> stages = List.of();
  LossCommand.Request request;
  Benchmark benchmark;

  @Override
  public Optional<String> storedSettings(Path out) {
    askedFor = out;
    return stored.isEmpty() ? Optional.empty() : Optional.of(stored);
  }

  @Override
  public Path run(RunConfig config, JobOptions options, List<StageName> stages, PrintStream table) {
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
    return Path.of(config.out()).resolve("selection");
  }

  @Override
  public Path demo(Path out, JobOptions options, PrintStream table) {
    askedFor = out;
    this.options = options;
    table.println("table");
    return out.resolve("selection");
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
  public void status(Path out, PrintStream table) {
    table.println("status of " + out);
  }

  @Override
  public void loss(LossCommand.Request request, InputStream rows, PrintStream losses) {
    this.request = request;
    new BufferedReader(new InputStreamReader(rows, StandardCharsets.UTF_8))
        .lines()
        .forEach(losses::println);
  }
}

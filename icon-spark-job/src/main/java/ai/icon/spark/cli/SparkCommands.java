package ai.icon.spark.cli;

import ai.icon.spark.config.JobOptions;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.StageName;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The commands on Spark. */
final class SparkCommands implements Commands {

  @Override
  public Optional<String> storedSettings(Path out) {
    throw notYet();
  }

  @Override
  public Path run(RunConfig config, JobOptions options, List<StageName> stages, PrintStream table) {
    throw notYet();
  }

  @Override
  public Path demo(Path out, JobOptions options, PrintStream table) {
    throw notYet();
  }

  @Override
  public void status(Path out, PrintStream table) {
    throw notYet();
  }

  @Override
  public void loss(LossCommand.Request request, BufferedReader rows, PrintStream losses) {
    throw notYet();
  }

  private static UnsupportedOperationException notYet() {
    return new UnsupportedOperationException("The stages are not wired to the command line yet");
  }
}

package ai.icon.spark.cli;

import ai.icon.spark.config.SettingLayers;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of every command. */
final class CommonMixin {
  @Option(
      names = "--config",
      paramLabel = "<file>",
      arity = "1",
      description =
          "File of settings (HOCON) under the options. Its form: conf/icon-defaults.conf.")
  private List<Path> config = List.of();

  @Option(names = "--verbose", description = "Show logs and, when icon fails, the stack trace.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // The parser acts on it.
  private boolean help;

  boolean verbose() {
    return verbose;
  }

  /** Puts the files over some layers, later ones over earlier ones. */
  SettingLayers over(SettingLayers layers) {
    SettingLayers result = layers;
    for (Path file : config) {
      result = result.file(file);
    }
    return result;
  }
}

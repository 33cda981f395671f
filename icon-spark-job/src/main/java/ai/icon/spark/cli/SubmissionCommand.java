package ai.icon.spark.cli;

import ai.icon.checkpoint.HubCache;
import ai.icon.error.ResourceError;
import ai.icon.spark.config.Setting;
import ai.icon.spark.submit.ConfigFiles;
import ai.icon.spark.submit.Submission;
import ai.icon.spark.submit.SubmitPlace;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * For {@code submit/icon}: prints, with a zero byte behind each, how many words the question holds,
 * the job's last line, the words of the command that asks it and those of the one that runs a
 * command line. Settings that no command line may show go to the file {@code
 * icon.submit.properties}.
 */
@Command(name = "submission", hidden = true)
final class SubmissionCommand extends IconCommand {
  private static final String PLACE = "icon.submit.";

  @Parameters(arity = "0..*")
  private List<String> words = List.of();

  SubmissionCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  @Override
  Set<Setting> settings() {
    return Set.of();
  }

  @Override
  void execute() {
    SubmitPlace place = place();
    Submission submission = Submission.of(words, ConfigFiles.of(words), place);
    write(submission.properties(), place.properties());
    out().print(submission.question().size() + "\0" + submission.result() + '\0');
    submission.question().forEach(word -> out().print(word + '\0'));
    submission.words().forEach(word -> out().print(word + '\0'));
    out().flush();
  }

  /** Keeps the rights of the file, which is there. */
  private static void write(Map<String, String> settings, Path file) {
    if (settings.isEmpty()) {
      return;
    }
    Properties properties = new Properties();
    properties.putAll(settings);
    try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      properties.store(writer, null);
    } catch (IOException e) {
      throw new ResourceError(
          "Cannot write Spark's settings to " + file + ": " + e.getMessage(),
          "Set TMPDIR to a folder with room that you may write.",
          e);
    }
  }

  private static SubmitPlace place() {
    return new SubmitPlace(
        Path.of(System.getProperty("icon.home", "")),
        Path.of("").toAbsolutePath(),
        System.getProperty(PLACE + "script", ""),
        System.getProperty(PLACE + "scriptOnPath", ""),
        Path.of(System.getProperty(PLACE + "sparkDefaults", "")),
        System.getProperty(PLACE + "jar", ""),
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        System.getProperty("java.class.path"),
        List.of(System.getProperty(PLACE + "opens", "").split(" ", -1)),
        System.getProperty(PLACE + "driverMemory", ""),
        Path.of(System.getProperty(PLACE + "properties", "")),
        UUID.randomUUID().toString(),
        HubCache.ofThisProcess());
  }
}

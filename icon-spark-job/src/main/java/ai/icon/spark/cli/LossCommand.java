package ai.icon.spark.cli;

import static java.util.Objects.requireNonNull;

import ai.icon.error.UserError;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.PromptConfig;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints losses of rows. */
@Command(
    name = "loss",
    header = "Print the loss of responses under a model.",
    description = {
      "",
      "Takes the loss of each row's response behind its prompt and, where one is given, its context.",
      "Texts are joined as they are, with the separator between context and prompt.",
      "",
      "Input:",
      "  FILE: one JSON object a line, {context?, prompt, response}; - for standard input.",
      "  --model: a checkpoint: a folder, a GGUF file, or an id in the cache of Hugging Face.",
      "",
      "Output:",
      "  Exactly one JSON line a row on standard output, in order: meanNll (nats per token),",
      "  responseTokens and tokenNll, or error for a row that cannot be scored.",
      ""
    },
    footer = {"", "Example:", "  icon loss --model models/SmolLM2-135M-Instruct rows.jsonl"})
public final class LossCommand extends IconCommand {
  private static final String STANDARD_INPUT = "-";

  @Parameters(paramLabel = "FILE", description = "JSON lines to score, or - for standard input.")
  private String file = STANDARD_INPUT;

  LossCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  /**
   * What to score with.
   *
   * @param model the model; its path is set
   * @param prompt separator and limits
   * @param source name of the rows' file, for messages
   */
  public record Request(ModelConfig model, PromptConfig prompt, String source) {
    /** Checks that all are given. */
    public Request {
      requireNonNull(model, "model");
      requireNonNull(prompt, "prompt");
      requireNonNull(source, "source");
    }
  }

  @Override
  Set<Setting> settings() {
    return Setting.of("model", "prompt");
  }

  @Override
  void execute() {
    RunConfig config = RunConfig.load(given(SettingLayers.defaults()));
    if (config.model().path().isEmpty()) {
      throw Setting.MODEL_PATH.invalid("name a checkpoint", "nothing");
    }
    Request request = new Request(config.model(), config.prompt(), file);
    try (InputStream rows = new BufferedInputStream(open())) {
      commands().loss(request, rows, out());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close " + file, e);
    }
  }

  private InputStream open() throws IOException {
    if (file.equals(STANDARD_INPUT)) {
      return System.in;
    }
    Path path = Path.of(file);
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new UserError(
          "Cannot read rows: " + file + " is not a readable file",
          "Name a file of JSON lines, or - for standard input.");
    }
    return Files.newInputStream(path);
  }
}

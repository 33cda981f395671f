package ai.icon.spark.cli;

import static java.util.Objects.requireNonNull;

import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.PromptConfig;
import ai.icon.spark.config.RunConfig;
import ai.icon.spark.config.Setting;
import ai.icon.spark.config.SettingLayers;
import ai.icon.spark.executor.ModelReport;
import java.io.PrintStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a checkpoint is and whether it can be used. */
@Command(
    name = "model",
    header = "Say what a checkpoint is, and whether all of it is supported.",
    description = {
      "",
      "Opens a checkpoint as a run would, part by part: files, family, weights, tokenizer, chat",
      "template; then loads it and takes the loss of one fixed sample. No Spark session is started.",
      "",
      "Input:",
      "  PATH: a Hugging Face folder, a GGUF file, the id of a model in the cache of Hugging Face's",
      "  tools, or a URI such as s3a://... Nothing is downloaded from a hub.",
      "",
      "Output:",
      "  One line a fact on standard output: format and stored types, family, sizes, memory in",
      "  float32 and bfloat16, context, tokenizer, chat template with the sample as it writes it,",
      "  sample loss (nats per token) with the template rico and, where there is one, chat,",
      "  fingerprint. The last line is \"supported: yes\", or \"supported: no: \" and the parts that are",
      "  refused; the reasons with their cures go to standard error, and the exit code is 2.",
      "  With --json one line of JSON instead."
    },
    footer = {
      "",
      "Example:",
      "  icon model models/SmolLM2-135M-Instruct",
      "  icon model models/smollm2-135m-instruct-q8_0.gguf --dtype bfloat16 --json",
      "  icon model HuggingFaceTB/SmolLM2-135M-Instruct --no-load"
    })
public final class ModelCommand extends IconCommand {
  @Parameters(
      paramLabel = "PATH",
      arity = "0..1",
      description = "The checkpoint; the same as --model.")
  private String path = "";

  @Option(
      names = "--no-load",
      description =
          "Load no weights and take no sample loss: names and shapes of tensors are checked, not"
              + " their numbers.")
  private boolean staysUnloaded;

  @Option(names = "--json", description = "Print one line of JSON instead of the lines.")
  private boolean isJson;

  @Option(
      names = "--conf",
      paramLabel = "<key=value>",
      description = "A setting spark.hadoop.* to reach a URI with. May be repeated.")
  private Map<String, String> sparkSettings = new TreeMap<>();

  ModelCommand(Commands commands, PrintStream out) {
    super(commands, out);
  }

  /**
   * What is asked of a checkpoint.
   *
   * @param model the model; its path is set
   * @param prompt limits of the sample
   * @param loads whether the weights are loaded and the sample loss is taken
   * @param sparkSettings settings of Spark, of which those of Hadoop count
   */
  public record Request(
      ModelConfig model, PromptConfig prompt, boolean loads, Map<String, String> sparkSettings) {
    /** Copies the settings. */
    public Request {
      requireNonNull(model, "model");
      requireNonNull(prompt, "prompt");
      sparkSettings = Map.copyOf(sparkSettings);
    }
  }

  @Override
  Set<Setting> settings() {
    return Setting.of("model");
  }

  @Override
  void execute() {
    SettingLayers layers = given(SettingLayers.defaults());
    if (!path.isEmpty()) {
      layers = layers.options(Map.of(Setting.MODEL_PATH, path));
    }
    RunConfig config = BenchMixin.withModel(layers);
    Map<String, String> settings = new TreeMap<>(sparkSettings());
    settings.putAll(sparkSettings);
    Consumer<String> lines = isJson ? line -> {} : out()::println;
    ModelReport report =
        commands()
            .model(new Request(config.model(), config.prompt(), !staysUnloaded, settings), lines);
    if (isJson) {
      out().println(report.json());
    }
    report.requireSupported();
  }
}

package ai.icon.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code model} over real checkpoints: what it prints and how it ends. */
class ModelCommandIT {
  private static final Path GOLDEN = Path.of("../icon-core/src/test/resources/golden");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUESTION = "What is the capital of France?";
  private static final String ANSWER = "The capital of France is Paris.";

  @TempDir private Path folder;

  private record Outcome(int code, List<String> lines, String errors) {
    String last() {
      return lines.get(lines.size() - 1);
    }
  }

  @Test
  void aShardedFolderIsToldInFull() {
    Outcome outcome = icon("model", golden("llama"));
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.lines())
        .extracting(line -> line.replaceAll(":.*", ""))
        .containsExactly(
            "path",
            "format",
            "stored",
            "family",
            "decoder",
            "parameters",
            "resident",
            "context",
            "tokenizer",
            "chat template",
            "sample loss",
            "sample loss",
            "fingerprint",
            "supported");
    assertThat(outcome.lines())
        .contains("format: safetensors, 3 shards", "family: llama", "context: 512 tokens")
        .anyMatch(line -> line.matches("fingerprint: [0-9a-f]{12}"))
        .anyMatch(line -> line.startsWith("chat template: supported: \"") && line.contains("\\n"));
    assertThat(outcome.last()).isEqualTo("supported: yes");
  }

  @Test
  void theSampleLossIsThatOfTheLossCommand() throws IOException {
    JsonNode found = json(icon("model", "--json", golden("llama")));
    ObjectNode row = JSON.createObjectNode().put("response", ANSWER);
    row.put("prompt", "### Instruction:\n" + QUESTION + "\n\n### Response:");
    Path rows = Files.writeString(folder.resolve("rows.jsonl"), row.toString());
    JsonNode loss = json(icon("loss", "--model", golden("llama"), rows.toString()));

    assertThat(found.at("/sampleLoss/rico").asDouble())
        .isPositive()
        .isCloseTo(loss.path("meanNll").asDouble(), within(1e-6));
    assertThat(found.at("/sampleLoss/chat").asDouble())
        .isPositive()
        .isNotEqualTo(found.at("/sampleLoss/rico").asDouble());
    assertThat(found.at("/chatTemplate/rendered").asText()).contains(QUESTION, ANSWER);
    assertThat(found.path("supported").asBoolean()).isTrue();
  }

  @Test
  void aGgufFileIsToldWithItsBlockTypes() throws IOException {
    JsonNode config = JSON.readTree(GOLDEN.resolve("qwen2/config.json").toFile());
    JsonNode found = json(icon("model", "--json", golden("gguf/qwen2-q8_0.gguf")));
    assertThat(found.path("format").asText()).isEqualTo("GGUF");
    assertThat(found.path("family").asText()).isEqualTo("qwen2");
    assertThat(found.at("/storedTensors/Q8_0").asInt()).isPositive();
    assertThat(found.path("storedBytes").asLong())
        .isEqualTo(Files.size(GOLDEN.resolve("gguf/qwen2-q8_0.gguf")));
    assertThat(found.path("layers").asInt()).isEqualTo(config.path("num_hidden_layers").asInt());
    assertThat(found.path("hidden").asInt()).isEqualTo(config.path("hidden_size").asInt());
    assertThat(found.at("/tokenizer/bos").isMissingNode()).isTrue();
    long parameters = found.path("parameters").asLong();
    assertThat(found.at("/residentBytes/float32").asLong())
        .isBetween(4 * parameters, 4 * parameters + 1024);
    assertThat(found.at("/residentBytes/bfloat16").asLong())
        .isBetween(2 * parameters, 3 * parameters);
  }

  @Test
  void eightBitFloatsAreSaidToBeReadUp() {
    Outcome outcome = icon("model", "--no-load", golden("llama-float8"));
    assertThat(outcome.code()).as(outcome.errors()).isZero();
    assertThat(outcome.lines())
        .contains("format: safetensors, 2 shards, FP8 read up to bfloat16")
        .contains("chat template: none", "sample loss: not taken (--no-load)")
        .anyMatch(line -> line.startsWith("stored: ") && line.contains("F8_E4M3 ("));
  }

  @Test
  void ofAnUnsupportedFamilyAllElseIsStillTold() throws IOException {
    Path model = copy("llama");
    edit(model, "config.json", config -> config.put("model_type", "mamba"));
    Outcome outcome = icon("model", model.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.lines())
        .contains("family: mamba", "sample loss: not taken")
        .anyMatch(line -> line.startsWith("stored: "))
        .anyMatch(line -> line.startsWith("parameters: "))
        .anyMatch(line -> line.startsWith("tokenizer: ") && line.contains("BOS"))
        .anyMatch(line -> line.startsWith("chat template: supported"))
        .anyMatch(line -> line.startsWith("fingerprint: "));
    assertThat(outcome.last()).isEqualTo("supported: no: family");
    assertThat(outcome.errors())
        .startsWith("icon: Cannot use " + model.resolve("config.json"))
        .contains("model_type \"mamba\" is not supported.\n  Supported: model_type ");
  }

  @Test
  void aFileThatIsCutShortIsNamedWithItsCure() throws IOException {
    Path model = copy("llama");
    Path shard = model.resolve("model-00002-of-00003.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(shard.toFile(), "rw")) {
      file.setLength(file.length() - 100);
    }
    Outcome outcome = icon("model", model.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.lines()).hasSize(3).first().isEqualTo("path: " + model);
    assertThat(outcome.lines().get(1)).startsWith("files: refused: Cannot read weights " + shard);
    assertThat(outcome.last()).isEqualTo("supported: no: files");
    assertThat(outcome.errors())
        .startsWith("icon: Cannot read weights " + shard)
        .contains("\n  Download the file again");
  }

  @Test
  void aConfigAtOddsWithTheWeightsIsFoundWithoutLoading() throws IOException {
    Path model = copy("llama");
    edit(model, "config.json", config -> config.put("num_hidden_layers", 9));
    Outcome outcome = icon("model", "--no-load", model.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.lines())
        .anyMatch(line -> line.startsWith("weights: refused: Cannot open checkpoint " + model));
    assertThat(outcome.last()).isEqualTo("supported: no: weights");
    assertThat(outcome.errors()).contains("it has no tensor 'model.layers.");
  }

  @Test
  void aWeightThatIsNaNIsFoundByLoading() throws IOException {
    Path model = copy("qwen2");
    Path weights = model.resolve("model.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
      file.seek(file.length() - 4);
      file.write(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff});
    }
    assertThat(icon("model", "--no-load", model.toString()).last()).isEqualTo("supported: yes");
    Outcome outcome = icon("model", model.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.last()).isEqualTo("supported: no: weights");
    assertThat(outcome.errors()).contains("NaN or infinite", weights.toString());
  }

  @Test
  void aRefusedTemplateLeavesTheLossOfTheOther() throws IOException {
    Path model = copy("llama");
    Files.writeString(model.resolve("chat_template.jinja"), "{% include 'other' %}");
    Outcome outcome = icon("model", model.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.lines())
        .anyMatch(line -> line.startsWith("chat template: refused: Cannot use the checkpoint's"))
        .filteredOn(line -> line.startsWith("sample loss: "))
        .singleElement()
        .asString()
        .endsWith(" nats per token with --template rico, float32");
    assertThat(outcome.last()).isEqualTo("supported: no: chat template");
    assertThat(outcome.errors()).contains("Use --template rico");
  }

  @Test
  void severalReasonsAreAllGiven() throws IOException {
    Path model = copy("llama");
    edit(model, "config.json", config -> config.put("model_type", "mamba"));
    Files.writeString(model.resolve("chat_template.jinja"), "{% include 'other' %}");
    Outcome outcome = icon("model", "--json", model.toString());
    assertThat(outcome.code()).isEqualTo(2);
    JsonNode found = json(outcome);
    assertThat(found.path("supported").asBoolean()).isFalse();
    assertThat(found.path("refused").findValuesAsText("part"))
        .containsExactly("family", "chat template");
    assertThat(outcome.errors())
        .startsWith("icon: Cannot use all of " + model + ", for 2 reasons:\n  - Cannot use ")
        .contains("\"mamba\" is not supported.", "\n  - Cannot use the checkpoint's chat template")
        .endsWith("\n  Mend these, or use another checkpoint.\n");
  }

  @Test
  void aPlaceWithoutACheckpointIsRefused() {
    Outcome outcome = icon("model", folder.resolve("none").toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.last()).isEqualTo("supported: no: files");
    assertThat(outcome.errors()).contains("no such folder\n  Check the path.");
  }

  private interface Edit {
    void of(ObjectNode object);
  }

  private static void edit(Path model, String name, Edit edit) throws IOException {
    ObjectNode object = (ObjectNode) JSON.readTree(model.resolve(name).toFile());
    edit.of(object);
    JSON.writeValue(model.resolve(name).toFile(), object);
  }

  private Path copy(String checkpoint) throws IOException {
    Path model = Files.createDirectory(folder.resolve(checkpoint));
    try (var files = Files.list(GOLDEN.resolve(checkpoint))) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    return model;
  }

  private static String golden(String checkpoint) {
    return GOLDEN.resolve(checkpoint).toString();
  }

  private static JsonNode json(Outcome outcome) throws IOException {
    assertThat(outcome.lines()).as(outcome.errors()).hasSize(1);
    return JSON.readTree(outcome.lines().get(0));
  }

  private static Outcome icon(String command, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> line = new ArrayList<>(List.of(command, "--threads", "2"));
    line.addAll(List.of(arguments));
    int code =
        new IconJob(
                new SparkCommands(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .execute(line.toArray(String[]::new));
    return new Outcome(
        code,
        out.toString(StandardCharsets.UTF_8).lines().toList(),
        err.toString(StandardCharsets.UTF_8));
  }
}

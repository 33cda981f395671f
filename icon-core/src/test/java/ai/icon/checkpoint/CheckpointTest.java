package ai.icon.checkpoint;

import static ai.icon.checkpoint.CheckpointFixture.sharded;
import static ai.icon.checkpoint.CheckpointFixture.single;
import static ai.icon.checkpoint.CheckpointFixture.text;
import static ai.icon.checkpoint.CheckpointFixture.withoutWeights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  @TempDir Path folder;

  @Test
  void singleFileIsOneSetOfTensors() {
    Checkpoint checkpoint = Checkpoint.open(single(folder));

    assertThat(checkpoint.config().path("model_type").asText()).isEqualTo("llama");
    assertThat(checkpoint.tokenizerJson()).isEqualTo("{\"version\": \"1.0\"}");
    assertThat(checkpoint.tokenizerSource()).isEqualTo(folder.resolve("tokenizer.json").toString());
    CheckpointFixture.text(folder, "tokenizer.json", "\uFEFF{\"version\": \"1.0\"}");
    assertThat(Checkpoint.open(folder).tokenizerJson()).isEqualTo("{\"version\": \"1.0\"}");
    assertThat(checkpoint.configSource()).isEqualTo(folder.resolve("config.json").toString());
    assertThat(checkpoint.tensors()).extracting(TensorInfo::name).containsExactly("a", "b.weight");
    assertThat(checkpoint.parameters()).isEqualTo(10);
    assertThat(checkpoint.bytes()).isEqualTo(40);
    assertThat(floatAt(checkpoint, checkpoint.require("b.weight", 4), 3)).isEqualTo(10);
  }

  @Test
  void shardsAreOneSetOfTensors() {
    Checkpoint checkpoint = Checkpoint.open(sharded(folder));

    assertThat(checkpoint.tensors()).extracting(TensorInfo::name).containsExactly("a", "b.weight");
    assertThat(checkpoint.parameters()).isEqualTo(10);
    assertThat(floatAt(checkpoint, checkpoint.require("a", 2, 3), 5)).isEqualTo(6);
    assertThat(floatAt(checkpoint, checkpoint.require("b.weight", 4), 0)).isEqualTo(7);
  }

  @Test
  void singleFileGoesBeforeShards() {
    sharded(folder);
    new SafetensorsWriter()
        .floats("only", new float[] {1}, 1)
        .write(folder.resolve("model.safetensors"));

    assertThat(Checkpoint.open(folder).tensors())
        .extracting(TensorInfo::name)
        .containsExactly("only");
  }

  @Test
  void missingTensorIsNamedWithItsNearest() {
    withoutWeights(folder);
    new SafetensorsWriter()
        .floats("lm_head.weight", new float[] {1}, 1)
        .floats("model.layers.0.mlp.up_proj.weight", new float[] {1}, 1)
        .floats("model.layers.1.mlp.down_proj.weight", new float[] {1}, 1)
        .floats("model.norm.weight", new float[] {1}, 1)
        .write(folder.resolve("model.safetensors"));
    Checkpoint checkpoint = Checkpoint.open(folder);

    assertThat(checkpoint.find("model.layers.1.mlp.up_proj.weight")).isEmpty();
    assertThatThrownBy(() -> checkpoint.require("model.layers.1.mlp.up_proj.weight", 1))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Cannot open checkpoint "
                + folder
                + ": it has no tensor 'model.layers.1.mlp.up_proj.weight'\n"
                + "  It holds 4 tensors, nearest are [model.layers.0.mlp.up_proj.weight,"
                + " model.layers.1.mlp.down_proj.weight, model.norm.weight];"
                + " take config.json and the weights from the same download.");
  }

  @Test
  void wrongShapeIsNamedWithBothShapes() {
    Checkpoint checkpoint = Checkpoint.open(single(folder));

    assertThatThrownBy(() -> checkpoint.require("a", 3, 2))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Cannot use tensor 'a' of %s: its shape must be [3, 2], got [2, 3]"
                .formatted(folder.resolve("model.safetensors")))
        .hasMessageContaining("same download");
    assertThatThrownBy(() -> checkpoint.require("a")).hasMessageContaining("must be [], got");
  }

  @Test
  void unsupportedTypeIsRefusedOnlyWhenAskedFor() {
    withoutWeights(folder);
    new SafetensorsWriter()
        .floats("w", new float[] {1}, 1)
        .tensor("quantized", "F8_E4M3", new byte[2], 2)
        .write(folder.resolve("model.safetensors"));
    Checkpoint checkpoint = Checkpoint.open(folder);

    assertThat(checkpoint.require("w", 1).elements()).isEqualTo(1);
    assertThat(checkpoint.parameters()).isEqualTo(1);
    String words =
        "Cannot use tensor 'quantized' of %s: its type is F8_E4M3, supported are F32, F16, BF16"
            .formatted(folder.resolve("model.safetensors"));
    assertThatThrownBy(() -> checkpoint.require("quantized", 2))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(words);
    assertThatThrownBy(() -> checkpoint.find("quantized"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(words);
  }

  @Test
  void aTensorOfAnotherCheckpointIsNotMapped() {
    Checkpoint one = Checkpoint.open(single(folder.resolve("one")));
    Checkpoint two = Checkpoint.open(single(folder.resolve("two")));
    TensorInfo foreign = two.require("a", 2, 3);

    assertThatThrownBy(() -> one.map(foreign, 0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not of this checkpoint");
  }

  @Test
  void absentTokenizerConfigIsAnEmptyObject() {
    Checkpoint checkpoint = Checkpoint.open(single(folder));

    assertThat(checkpoint.tokenizerConfig().isObject()).isTrue();
    assertThat(checkpoint.tokenizerConfig()).isEmpty();
    assertThat(checkpoint.chatTemplate()).isEmpty();
  }

  @Test
  void chatTemplateFileGoesBeforeTokenizerConfig() {
    single(folder);
    text(folder, "tokenizer_config.json", "{\"chat_template\": \"from config\"}");
    assertThat(Checkpoint.open(folder).chatTemplate()).contains("from config");

    text(folder, "chat_template.jinja", "from file\n");
    assertThat(Checkpoint.open(folder).chatTemplate()).contains("from file\n");
  }

  @Test
  void ofNamedChatTemplatesTheDefaultIsTaken() {
    single(folder);
    String tool = "{\"name\": \"tool_use\", \"template\": \"tools\"}";
    String usual = "{\"name\": \"default\", \"template\": \"usual\"}";
    text(folder, "tokenizer_config.json", "{\"chat_template\": [" + tool + "," + usual + "]}");
    assertThat(Checkpoint.open(folder).chatTemplate()).contains("usual");

    text(folder, "tokenizer_config.json", "{\"chat_template\": [" + tool + "]}");
    assertThat(Checkpoint.open(folder).chatTemplate()).isEmpty();
  }

  @Test
  void pythonsInfinityInConfigIsRead() {
    single(folder);
    text(folder, "config.json", "{\"limit\": Infinity}");

    assertThat(Checkpoint.open(folder).config().path("limit").doubleValue()).isInfinite();
  }

  @Test
  void whatIsNoFolderIsRefusedWithItsOwnCure() throws Exception {
    assertRefused(folder.resolve("absent"), "no such folder", "Check the path.");
    assertRefused(
        Path.of("some-org/some-model"),
        "looks like the id of a model on a hub",
        "hf download some-org/some-model");
    assertRefused(Path.of("src/absent"), "no such folder", "Check the path.");
    Path file = Files.writeString(folder.resolve("readme.md"), "x");
    assertRefused(file, "it is a file, not a folder", "config.json");
    Path pickle = Files.writeString(folder.resolve("weights.pt"), "x");
    assertRefused(pickle, "no pickle is ever loaded", "safetensors");
  }

  @Test
  void goldenShardsOpen() throws Exception {
    Checkpoint checkpoint = Checkpoint.open(golden("llama"));

    assertThat(checkpoint.parameters()).isEqualTo(168_000);
    assertThat(checkpoint.bytes()).isEqualTo(672_000);
    assertThat(checkpoint.require("lm_head.weight", 517, 64).type()).isEqualTo(TensorType.FLOAT32);
    assertThat(checkpoint.require("model.layers.2.self_attn.k_proj.weight", 32, 64).elements())
        .isEqualTo(2048);
    assertThat(checkpoint.chatTemplate().orElseThrow()).startsWith("{%- if messages[0]['role']");
  }

  @Test
  void goldenBfloat16Opens() throws Exception {
    for (String name : new String[] {"llama-tied", "llama3-rope"}) {
      Checkpoint checkpoint = Checkpoint.open(golden(name));
      TensorInfo norm = checkpoint.require("model.norm.weight", 64);

      assertThat(norm.type()).isEqualTo(TensorType.BFLOAT16);
      // Drawn around 1: a wrong offset or byte order would land far off.
      assertThat(meanOfBfloat16(checkpoint.map(norm, 0, norm.bytes()))).isBetween(0.8, 1.2);
    }
    assertThat(Checkpoint.open(golden("llama-tied")).find("lm_head.weight")).isEmpty();
    assertThat(Checkpoint.open(golden("llama3-rope")).find("lm_head.weight")).isPresent();
  }

  private static void assertRefused(Path path, String why, String cure) {
    assertThatThrownBy(() -> Checkpoint.open(path))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Cannot open checkpoint " + path + ": ")
        .hasMessageContainingAll(why, cure);
  }

  private static Path golden(String name) throws Exception {
    return Path.of(CheckpointTest.class.getResource("/golden/" + name).toURI());
  }

  private static double meanOfBfloat16(ByteBuffer values) {
    double sum = 0;
    int count = values.remaining() / Short.BYTES;
    for (int i = 0; i < count; i++) {
      sum += Float.intBitsToFloat((values.getShort() & 0xFFFF) << 16);
    }
    return sum / count;
  }

  private static float floatAt(Checkpoint checkpoint, TensorInfo tensor, int element) {
    return checkpoint.map(tensor, 4L * element, 4).getFloat();
  }
}

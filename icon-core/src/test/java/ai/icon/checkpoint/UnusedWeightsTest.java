package ai.icon.checkpoint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.decoder.Architectures;
import ai.icon.decoder.UnusedWeights;
import ai.icon.error.UserError;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that a Gemma 3 with an image tower carries beside those that are read. */
class UnusedWeightsTest {
  private static final String CONFIG =
      "{\"model_type\": \"gemma3\", \"text_config\": {\"model_type\": \"gemma3_text\","
          + " \"vocab_size\": 2, \"hidden_size\": 8, \"intermediate_size\": 16,"
          + " \"num_hidden_layers\": 1, \"num_attention_heads\": 2, \"num_key_value_heads\": 1,"
          + " \"head_dim\": 4, \"max_position_embeddings\": 64, \"sliding_window\": 16}}";

  @TempDir Path folder;

  @Test
  void theBlocksOfAnotherTowerAreNoneOfTheDecoders() {
    assertThatCode(
            () ->
                check(vector("vision_tower.vision_model.encoder.layers.0.self_attn.k_proj.weight")))
        .doesNotThrowAnyException();
  }

  @Test
  void aBlockOfTheDecoderIsOneUnderEitherOfItsNames() {
    for (String prefix : List.of("language_model.", "")) {
      String name = prefix + "model.layers.1.self_attn.k_proj.weight";
      assertThatThrownBy(() -> check(vector(name)))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("Cannot use tensor '" + name + "'")
          .hasMessageContaining("has no such part");
    }
  }

  @Test
  void aTiedHeadIsFoundUnderItsFamilysNames() {
    SafetensorsWriter embedding =
        new SafetensorsWriter()
            .floats("language_model.model.embed_tokens.weight", new float[] {1, 2}, 2, 1);
    assertThatThrownBy(
            () ->
                check(embedding.floats("language_model.lm_head.weight", new float[] {1, 3}, 2, 1)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot use tensor 'language_model.lm_head.weight'")
        .hasMessageContaining("it differs from 'language_model.model.embed_tokens.weight'");
  }

  private static SafetensorsWriter vector(String name) {
    return new SafetensorsWriter().floats(name, new float[] {1, 2}, 2);
  }

  private void check(SafetensorsWriter weights) {
    CheckpointFixture.withoutWeights(folder);
    CheckpointFixture.text(folder, "config.json", CONFIG);
    weights.write(folder.resolve("model.safetensors"));
    Checkpoint checkpoint = Checkpoint.open(folder);
    UnusedWeights.check(
        checkpoint, Architectures.spec(checkpoint.config(), checkpoint.configSource()), List.of());
  }
}

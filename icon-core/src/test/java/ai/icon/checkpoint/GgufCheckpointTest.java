package ai.icon.checkpoint;

import static ai.icon.checkpoint.GgufFixture.WIDTH;
import static ai.icon.checkpoint.GgufFixture.count;
import static ai.icon.checkpoint.GgufFixture.metadata;
import static ai.icon.checkpoint.GgufFixture.outside;
import static ai.icon.checkpoint.GgufFixture.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.icon.error.UserError;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufCheckpointTest {
  @TempDir Path folder;

  @Test
  void aFileAndAFolderWithItAreOneCheckpoint() throws IOException {
    Path file = whole().write(folder.resolve("model.gguf"));
    Checkpoint own = Checkpoint.open(file);
    Checkpoint held = Checkpoint.open(folder);

    assertThat(own.folder()).isEqualTo(file);
    assertThat(own.configSource()).isEqualTo(file.toString());
    assertThat(held.tokenizerSource()).isEqualTo(file.toString());
    assertThat(own.tensors()).hasSize(11).isEqualTo(held.tensors());
    assertThat(own.parameters()).isEqualTo(648);
    String fingerprint = own.fingerprint();
    assertThat(held.fingerprint()).isEqualTo(fingerprint);
    Path renamed = Files.move(file, folder.resolve("weights-without-suffix"));
    assertThat(Checkpoint.open(renamed).fingerprint()).isEqualTo(fingerprint);
  }

  @Test
  void fingerprintChangesWithTheHeaderAndWithTheData() throws IOException {
    Path file = whole().write(folder.resolve("model.gguf"));
    String before = Checkpoint.open(file).fingerprint();
    whole().text("general.name", "x").write(file);
    String header = Checkpoint.open(file).fingerprint();
    byte[] bytes = whole().bytes();
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);

    assertThat(new String[] {before, header, Checkpoint.open(file).fingerprint()})
        .doesNotHaveDuplicates();
  }

  @Test
  void ofSeveralFilesNoneIsChosen() {
    whole().write(folder.resolve("q4.gguf"));
    whole().write(folder.resolve("q8.gguf"));

    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(
            folder.toString(), "2 GGUF files: q4.gguf, q8.gguf", "the one that is meant");
  }

  @Test
  void safetensorsGoBeforeGguf() {
    CheckpointFixture.single(folder);
    whole().write(folder.resolve("q4.gguf"));

    assertThat(Checkpoint.open(folder).tensors())
        .extracting(TensorInfo::name)
        .containsExactly("a", "b.weight");
  }

  @Test
  void aPartOfASplitFileIsRefusedByName() {
    Path part = whole().write(folder.resolve("m-00002-of-00003.gguf"));

    assertThatThrownBy(() -> Checkpoint.open(part))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(
            part.toString(), "part 00002 of 00003", "llama-gguf-split --merge");
  }

  @Test
  void missingTensorAndWrongShapeAreNamedWithTheFile() {
    Checkpoint checkpoint = Checkpoint.open(outside().write(folder.resolve("model.gguf")));

    assertThatThrownBy(() -> checkpoint.require("model.layers.0.mlp.up_proj.weight", 16, 8))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(
            "model.gguf: it has no tensor 'model.layers.0.mlp.up_proj.weight'", "to GGUF anew");
    assertThatThrownBy(() -> checkpoint.require("model.norm.weight", 9))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("model.gguf: its shape must be [9], got [8]", "to GGUF anew");
    assertThat(checkpoint.find("lm_head.weight")).isEmpty();
    assertThat(checkpoint.config().path("tie_word_embeddings").booleanValue()).isTrue();
  }

  @Test
  void rotaryPairsAreHalvesAgain() {
    Checkpoint checkpoint = Checkpoint.open(whole().write(folder.resolve("model.gguf")));
    TensorInfo k = checkpoint.require("model.layers.0.self_attn.k_proj.weight", 4, WIDTH);

    // One head of 4: rows 0 and 2 of the file are its first half, 1 and 3 its second.
    float[] values = LlamaCppConverter.floats(checkpoint, k);
    assertThat(new float[] {values[0], values[8], values[16], values[24]})
        .containsExactly(200, 216, 208, 224);
    assertThat(checkpoint.map(k, 32, 32).getFloat()).isEqualTo(216);
    assertThatThrownBy(() -> checkpoint.map(k, 4, 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in rows of 32, asked for 32 from byte 4");
  }

  @Test
  void stackedExpertsAreOneByOne() {
    GgufWriter file =
        outside()
            .integer("llama.expert_count", 3)
            .integer("llama.expert_used_count", 2)
            .floats("blk.0.ffn_gate_inp.weight", count(24, 0), 3, WIDTH)
            .floats("blk.0.ffn_gate_exps.weight", count(3 * 128, 0), 3, 16, WIDTH)
            .floats("blk.0.ffn_down_exps.weight", count(3 * 128, 0), 3, WIDTH, 16)
            .floats("blk.0.ffn_up.0.weight", count(128, 7), 16, WIDTH);
    Checkpoint checkpoint = Checkpoint.open(file.write(folder.resolve("model.gguf")));

    String expert = "model.layers.0.block_sparse_moe.experts.";
    TensorInfo last = checkpoint.require(expert + "2.w1.weight", 16, WIDTH);
    assertThat(LlamaCppConverter.floats(checkpoint, last)).containsExactly(count(128, 256));
    TensorInfo down = checkpoint.require(expert + "1.w2.weight", WIDTH, 16);
    assertThat(LlamaCppConverter.floats(checkpoint, down)).containsExactly(count(128, 128));
    assertThat(checkpoint.require(expert + "0.w3.weight", 16, WIDTH).elements()).isEqualTo(128);
    assertThat(checkpoint.require("model.layers.0.block_sparse_moe.gate.weight", 3, 8).bytes())
        .isEqualTo(96);
    JsonNode config = checkpoint.config();
    assertThat(config.path("model_type").textValue()).isEqualTo("mixtral");
    assertThat(config.path("num_local_experts").intValue()).isEqualTo(3);
    assertThat(config.path("num_experts_per_tok").intValue()).isEqualTo(2);
  }

  @Test
  void moreExpertsThanAModelHasAreRefused() {
    GgufWriter file =
        outside()
            .integer("llama.expert_count", 1_025)
            .floats("blk.0.ffn_gate_exps.weight", count(1_025, 0), 1_025, 1, 1);
    assertThatThrownBy(() -> Checkpoint.open(file.write(folder.resolve("model.gguf"))))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "tensor 'blk.0.ffn_gate_exps.weight' must be of at most 1024 experts, got shape"
                + " [1025, 1, 1]");
  }

  @Test
  void quantisedRowsInOtherOrderAreReadRowByRow() {
    byte[] blocks = new byte[4 * 34];
    for (int row = 0; row < 4; row++) {
      blocks[34 * row + 1] = 0x3C; // a scale of 1
      blocks[34 * row + 2] = (byte) (row + 1);
    }
    GgufWriter file =
        metadata("llama")
            .floats("token_embd.weight", count(6 * 32, 0), 6, 32)
            .tensor("blk.0.attn_k.weight", 8, blocks, 4, 32);
    Checkpoint checkpoint = Checkpoint.open(file.write(folder.resolve("model.gguf")));
    TensorInfo k = checkpoint.require("model.layers.0.self_attn.k_proj.weight", 4, 32);

    float[] values = LlamaCppConverter.floats(checkpoint, k);
    assertThat(new float[] {values[0], values[32], values[64], values[96]})
        .containsExactly(1, 3, 2, 4);
    assertThat(k.type()).isEqualTo(TensorType.FLOAT32);
  }

  @Test
  void settingsOfLlama3sRotaryScalingAreFoundInItsFactors() {
    // Llama 3.1's own: head of 128, base 500,000, factor 8, 1 to 4 of 8,192.
    float[] factors = new float[64];
    for (int i = 0; i < 64; i++) {
      double waves = 8_192 / (2 * Math.PI * Math.pow(500_000, i / 64.0));
      double smooth = Math.min(1, Math.max(0, (waves - 1) / 3));
      factors[i] = (float) (1 / ((1 - smooth) / 8 + smooth));
    }
    JsonNode scaling = Llama3Factors.scaling(500_000, factors, folder).orElseThrow();

    assertThat(scaling.path("rope_type").textValue()).isEqualTo("llama3");
    assertThat(scaling.path("factor").doubleValue()).isEqualTo(8);
    assertThat(scaling.path("low_freq_factor").doubleValue()).isCloseTo(1, within(1e-4));
    assertThat(scaling.path("high_freq_factor").doubleValue()).isCloseTo(4, within(1e-4));
    assertThat(scaling.path("original_max_position_embeddings").intValue()).isEqualTo(8192);
    assertThat(Llama3Factors.scaling(1e4, new float[] {1, 1, 1}, folder)).isEmpty();
  }

  @Test
  void phi3sFactorsAndWindowAreInItsConfig() {
    GgufWriter file =
        metadata("phi3")
            .integer("phi3.rope.scaling.original_context_length", 32)
            .integer("phi3.rope.dimension_count", 4)
            .integer("phi3.attention.sliding_window", 0)
            .floats("rope_factors_long.weight", new float[] {1.5f, 2.1f}, 2)
            .floats("rope_factors_short.weight", new float[] {1, 1.1f}, 2)
            .floats("token_embd.weight", count(48, 0), 6, WIDTH);
    JsonNode config = Checkpoint.open(file.write(folder.resolve("model.gguf"))).config();

    assertThat(config.path("rope_scaling").toString())
        .isEqualTo(
            "{\"type\":\"longrope\",\"rope_type\":\"longrope\",\"short_factor\":[1.0,1.1],"
                + "\"long_factor\":[1.5,2.1]}");
    assertThat(config.path("original_max_position_embeddings").intValue()).isEqualTo(32);
    assertThat(config.path("sliding_window").isNull()).isTrue();
    assertThat(config.path("rms_norm_eps").doubleValue()).isEqualTo(1e-5);
  }
}

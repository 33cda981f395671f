package ai.icon.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.icon.error.UserError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ArchitecturesTest {
  private static final String SIZES =
      "\"model_type\": \"llama\", \"vocab_size\": 517, \"hidden_size\": 64, \"num_hidden_layers\":"
          + " 3, \"num_attention_heads\": 4, \"num_key_value_heads\": 2, \"intermediate_size\":"
          + " 112, \"max_position_embeddings\": 512";

  @Test
  void keysOfTransformersFourAndFiveGiveTheSameSpec() {
    DecoderSpec four = spec(SIZES + ", \"rope_theta\": 5e5, \"rope_scaling\": null");
    DecoderSpec five =
        spec(SIZES + ", \"rope_parameters\": {\"rope_theta\": 5e5, \"rope_type\": \"default\"}");
    assertThat(four).isEqualTo(five);
    assertThat(four.layers().get(0).rotary().theta()).isEqualTo(5e5);
    assertThat(four.attention().headDimension()).isEqualTo(16);
  }

  @Test
  void linearScalingDividesEveryFrequency() {
    Rotary plain = spec(SIZES).layers().get(0).rotary();
    Rotary linear =
        spec(SIZES + ", \"rope_scaling\": {\"type\": \"linear\", \"factor\": 4.0}")
            .layers()
            .get(0)
            .rotary();
    for (int i = 0; i < 8; i++) {
      assertThat(linear.inverseFrequencies()[i])
          .isCloseTo(plain.inverseFrequencies()[i] / 4, within(1e-7f));
    }
    assertThat(plain.inverseFrequencies()[0]).isEqualTo(1f);
    assertThat(plain.inverseFrequencies()[4]).isCloseTo(0.01f, within(1e-8f)); // 10000^(-8/16)
  }

  @Test
  void llama3ScalingKeepsShortWavesAndDividesLongOnes() {
    RotaryScaling scaling = new RotaryScaling.Llama3(8, 1, 4, 64);
    assertThat(scaling.scale(0, 1.0)).isEqualTo(1.0); // a wave of 6.3 tokens is shorter than 64 / 4
    assertThat(scaling.scale(0, 0.01)).isEqualTo(0.01 / 8); // 628 tokens, longer than 64
    double between = 2 * Math.PI / 32; // 32 tokens: smooth = (64 / 32 - 1) / 3
    assertThat(scaling.scale(0, between)).isCloseTo(between * (2.0 / 3 / 8 + 1.0 / 3), within(1e-12));
  }

  @Test
  void unknownFamilyIsRefusedWithWhatWorks() {
    assertThatThrownBy(() -> spec("\"model_type\": \"mamba\""))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot use config.json: model_type \"mamba\" is not supported.")
        .hasMessageContaining("Supported: model_type gemma2, gpt2, gpt_neox, llama, mistral, olmo2, phi3, qwen2, qwen3, smollm3;");
  }

  @Test
  void whatTheProgramCannotDoIsRefused() {
    assertThatThrownBy(() -> spec(SIZES + ", \"hidden_act\": \"mish\""))
        .hasMessageContaining("hidden_act \"mish\" is not supported");
    assertThatThrownBy(
            () -> spec(SIZES + ", \"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 2}"))
        .hasMessageContaining("rope_type \"yarn\" is not supported");
    assertThatThrownBy(() -> spec(SIZES + ", \"quantization_config\": {\"bits\": 4}"))
        .hasMessageContaining("quantization_config (quantised weights) is not supported");
  }

  @Test
  void missingAndSenselessKeysAreNamed() {
    assertThatThrownBy(() -> spec("\"model_type\": \"llama\""))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("hidden_size must be a whole number, the key is missing");
    assertThatThrownBy(
            () -> spec(SIZES.replace("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3")))
        .hasMessageContaining("num_key_value_heads: must divide num_attention_heads = 4, got 3");
    assertThatThrownBy(() -> spec(SIZES.replace("64", "\"wide\"")))
        .hasMessageContaining("hidden_size must be a whole number, got \"wide\"");
  }

  @Test
  void weightsStandInTheOrderThatTheProgramReads() {
    DecoderSpec spec = spec(SIZES);
    assertThat(DecoderWeights.of(spec)).hasSize(2 + 3 * 9 + 1);
    assertThat(DecoderWeights.of(spec).get(2).name())
        .isEqualTo("model.layers.0.self_attn.q_proj.weight");
    DecoderSpec biased = spec(SIZES + ", \"attention_bias\": true, \"mlp_bias\": true");
    assertThat(DecoderWeights.of(biased)).hasSize(2 + 3 * 16 + 1);
    assertThat(DecoderProgram.source(biased))
        .contains("torch.linear(h, weights[torch.add(at, 1)], weights[torch.add(at, 2)])")
        .contains("self.norm(x, weights[torch.add(at, 9)])")
        .doesNotContain("${");
  }

  private static DecoderSpec spec(String keys) {
    return Architectures.spec(json("{" + keys + "}"), "config.json");
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}

package ai.icon.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.icon.error.UserError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
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
    assertThat(scaling.scale(0, between))
        .isCloseTo(between * (2.0 / 3 / 8 + 1.0 / 3), within(1e-12));
  }

  @Test
  void unknownFamilyIsRefusedWithWhatWorks() {
    assertThatThrownBy(() -> spec("\"model_type\": \"mamba\""))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot use config.json: model_type \"mamba\" is not supported.")
        .hasMessageContaining(
            "Supported: model_type gemma, gemma2, gemma3, gemma3_text, gpt2, gpt_neox, granite,"
                + " llama, ministral, mistral, mixtral, olmo2, phi3, qwen2, qwen3, qwen3_moe,"
                + " smollm3, stablelm;");
  }

  @Test
  void whatTheProgramCannotDoIsRefused() {
    assertThatThrownBy(() -> spec(SIZES + ", \"hidden_act\": \"mish\""))
        .hasMessageContaining("hidden_act \"mish\" is not supported");
    assertThatThrownBy(
            () -> spec(SIZES + ", \"rope_scaling\": {\"rope_type\": \"mrope\", \"factor\": 2}"))
        .hasMessageContaining("rope_type \"mrope\" is not supported");
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
  void sizesBeyondAnyDecoderAreRefusedBeforeAnythingIsAllocated() {
    assertThatThrownBy(() -> spec(SIZES.replace("layers\": 3", "layers\": 2000000000")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Invalid num_hidden_layers: must be at least 1 and at most 1000, got 2000000000");
    assertThatThrownBy(() -> spec(SIZES.replace("heads\": 4", "heads\": 0")))
        .hasMessageContaining("Invalid num_attention_heads: must be at least 1, got 0");
    assertThatThrownBy(() -> spec(SIZES.replace("\": 64", "\": 66")))
        .hasMessageContaining(
            "Invalid hidden_size: must be a multiple of the 4 heads where there is no head_dim,"
                + " got 66");
    assertThatThrownBy(() -> spec(SIZES + ", \"head_dim\": 15"))
        .hasMessageContaining("Invalid rotary dimension: must be even and at least 2, got 15");
    assertThatThrownBy(() -> spec(SIZES + ", \"rms_norm_eps\": -1"))
        .hasMessageContaining("Invalid epsilon of the norm: must be above 0 and below 1, got -1.0");
    assertThatThrownBy(() -> spec(SIZES + ", \"rope_theta\": 0"))
        .hasMessageContaining("Invalid rope_theta: must be above 0, got 0.0");
    assertThatThrownBy(() -> spec(SIZES + ", \"partial_rotary_factor\": 2"))
        .hasMessageContaining("partial_rotary_factor: must be above 0 and at most 1, got 2.0");
    assertThatThrownBy(() -> spec(SIZES + ", \"mlp_bias\": \"no\""))
        .hasMessageContaining("mlp_bias must be true or false, got \"no\"");
    assertThatThrownBy(() -> spec(SIZES + ", \"rope_scaling\": \"yarn\""))
        .hasMessageContaining("rope_scaling must be an object, got \"yarn\"");
  }

  @Test
  void aMistralThatNamesNoWindowHasTheUsualOneAndNullIsNone() {
    String mistral = SIZES.replace("llama", "mistral");
    assertThat(spec(mistral).layers()).allMatch(layer -> layer.window() == 4096);
    assertThat(spec(mistral + ", \"sliding_window\": null").layers())
        .allMatch(layer -> layer.window() == 0);
    assertThat(spec(mistral + ", \"sliding_window\": 16").layers())
        .allMatch(layer -> layer.window() == 16);
    assertThatThrownBy(() -> spec(mistral + ", \"sliding_window\": 0"))
        .hasMessageContaining("Invalid sliding_window: must be at least 1, got 0");
  }

  @Test
  void aQwenHasWindowsInItsUpperLayersIfItUsesThem() {
    String qwen =
        SIZES.replace("llama", "qwen2") + ", \"sliding_window\": 9, \"max_window_layers\": 2";
    assertThat(windows(spec(qwen))).containsExactly(0, 0, 0);
    assertThat(windows(spec(qwen + ", \"use_sliding_window\": true"))).containsExactly(0, 0, 9);
    String types =
        ", \"layer_types\": [\"sliding_attention\", \"full_attention\", \"full_attention\"]";
    assertThat(windows(spec(qwen + ", \"use_sliding_window\": true" + types)))
        .containsExactly(9, 0, 0);
    assertThatThrownBy(() -> spec(qwen + types))
        .hasMessageContaining("sliding_attention needs a sliding_window, there is none");
    assertThatThrownBy(() -> spec(qwen + types.replace("full", "linear")))
        .hasMessageContaining("layer_types \"linear_attention\" is not supported");
    assertThatThrownBy(() -> spec(qwen + ", \"layer_types\": []"))
        .hasMessageContaining("layer_types must be a list of 3 entries, got []");
  }

  @Test
  void aQwenThatUsesWindowsAndNamesNoneHasTheUsualOneAndNullIsNone() {
    String used = ", \"use_sliding_window\": true";
    for (String family : List.of("qwen2", "qwen3")) {
      String qwen = SIZES.replace("llama", family) + ", \"max_window_layers\": 2" + used;
      assertThat(windows(spec(qwen))).containsExactly(0, 0, 4096);
      assertThat(windows(spec(qwen + ", \"sliding_window\": null"))).containsOnly(0);
    }
    String moe = SIZES.replace("llama", "qwen3_moe");
    assertThat(windows(spec(moe))).containsOnly(0);
    assertThat(windows(spec(moe + used))).containsOnly(4096);
  }

  @Test
  void theWindowOfASmolLmIsThatOfLayersWhichDoNotRotate() {
    String smol =
        SIZES.replace("llama", "smollm3")
            + ", \"no_rope_layer_interval\": 2, \"sliding_window\": 9";
    assertThat(windows(spec(smol))).containsOnly(0);
    assertThat(windows(spec(smol + ", \"use_sliding_window\": true"))).containsExactly(0, 9, 0);
  }

  @Test
  void everyFourthLayerOfASmolLmDoesNotRotate() {
    DecoderSpec spec = golden("smollm3");
    assertThat(spec.layers().stream().map(layer -> layer.rotary().isUsed()))
        .containsExactly(true, true, true, false);
    assertThat(spec.rotaries()).hasSize(1);
    String silent = SIZES.replace("llama", "smollm3") + ", \"no_rope_layer_interval\": 2";
    assertThat(spec(silent).layers().stream().map(layer -> layer.rotary().isUsed()))
        .containsExactly(true, false, true);
    assertThatThrownBy(() -> spec(silent + ", \"no_rope_layers\": [1, 2, 1]"))
        .hasMessageContaining("Invalid no_rope_layers: each entry must be 0 or 1, got 2");
  }

  @Test
  void aGemmaThatIsSilentHasTheUsualCapsAndNullIsNone() {
    String gemma = SIZES.replace("llama", "gemma2");
    DecoderSpec spec = spec(gemma);
    assertThat(spec.attention().softCap()).isEqualTo(50);
    assertThat(spec.head()).isEqualTo(new DecoderSpec.OutputHead(true, 1, 30));
    assertThat(spec.attention().headDimension()).isEqualTo(256);
    assertThat(spec.embedding().multiplier()).isEqualTo(8);
    assertThat(windows(spec)).containsExactly(4096, 0, 4096);
    assertThat(spec(gemma + ", \"attn_logit_softcapping\": null").attention().softCap()).isZero();
    assertThatThrownBy(() -> spec(gemma + ", \"final_logit_softcapping\": -1"))
        .hasMessageContaining("Invalid final_logit_softcapping: must be above 0 and finite");
  }

  @Test
  void packedTensorsAreTakenApart() {
    DecoderWeight gate = weight(golden("phi3"), "model.layers.1.mlp.gate_up_proj.weight", 0);
    DecoderWeight up = weight(golden("phi3"), "model.layers.1.mlp.gate_up_proj.weight", 1);
    assertThat(gate.rows()).isEqualTo(new DecoderWeight.Runs(0, 112, 112, 1));
    assertThat(up.rows()).isEqualTo(new DecoderWeight.Runs(112, 112, 112, 1));
    assertThat(up.storedShape()).containsExactly(224L, 64L);
    DecoderWeight.Runs keys =
        weight(golden("gpt-neox"), "gpt_neox.layers.0.attention.query_key_value.weight", 1).rows();
    assertThat(keys.count()).isEqualTo(64);
    assertThat(keys.stored(0)).isEqualTo(16); // behind the first head's 16 queries
    assertThat(keys.stored(16)).isEqualTo(64); // the second head begins at 3 · 16
    assertThat(keys.contiguous(20)).isEqualTo(12);
    DecoderWeight values = weight(golden("gpt2"), "transformer.h.0.attn.c_attn.weight", 2);
    assertThat(values.isTransposed()).isTrue();
    assertThat(values.storedShape()).containsExactly(64L, 192L);
    assertThat(values.rows().first()).isEqualTo(128);
    assertThat(values.elements()).isEqualTo(64 * 64);
  }

  @Test
  void aLlamaPaysNothingForWhatOthersHave() {
    assertThat(DecoderProgram.source(golden("llama")))
        .doesNotContain("tanh", "layer_norm", "logical_or", "kinds", "topk", "gelu", "scale=")
        .contains("scaled_dot_product_attention", "def block0")
        .doesNotContain("def block1");
    assertThat(DecoderProgram.source(golden("gemma2")))
        .contains("def block1", "kinds = [0, 1, 0]")
        .doesNotContain("scaled_dot_product_attention");
    assertThat(DecoderProgram.source(golden("gpt2"))).doesNotContain("rotate", "cos");
  }

  @Test
  void operationsCountTheWeightsThatATokenMeets() {
    DecoderSpec llama = golden("llama");
    double block = 2 * 64 * 64 + 2 * 32 * 64 + 3 * 64 * 112;
    assertThat(llama.blockOperations()).isEqualTo(2 * 3 * block);
    double plain = 4 * 64 * 64 + 2 * 64 * 160;
    assertThat(golden("gpt-neox").blockOperations()).isEqualTo(2 * 3 * plain);
    FeedForward experts = new FeedForward.Experts(112, Activation.SILU, 8, 2, true);
    assertThat(experts.weightsMet(64)).isEqualTo(8 * 64 + 2 * 3 * 64 * 112);
    // Three tokens behind four of prefix see 5 + 6 + 7; with a window of 6, 5 + 6 + 6.
    assertThat(llama.layers().get(0).pairs(4, 3)).isEqualTo(18);
    assertThat(new Layer(6, Rotary.NONE, experts).pairs(4, 3)).isEqualTo(17);
    assertThat(llama.attentionOperations(4, 3)).isEqualTo(4.0 * 64 * 3 * 18);
    assertThat(llama.parameters()).isEqualTo(2 * 517 * 64 + 7 * 64 + 3 * (long) block);
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

  private static List<Integer> windows(DecoderSpec spec) {
    return spec.layers().stream().map(Layer::window).toList();
  }

  /** The weights that are taken from one stored tensor, in the program's order. */
  private static DecoderWeight weight(DecoderSpec spec, String name, int index) {
    return DecoderWeights.of(spec).stream()
        .filter(weight -> weight.name().equals(name))
        .toList()
        .get(index);
  }

  private static DecoderSpec golden(String name) {
    try (InputStream config =
        ArchitecturesTest.class.getResourceAsStream("/golden/" + name + "/config.json")) {
      return Architectures.spec(new ObjectMapper().readTree(config), "config.json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

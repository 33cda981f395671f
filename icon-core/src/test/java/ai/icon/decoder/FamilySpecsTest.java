package ai.icon.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.icon.error.UserError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the configs of families decide, key by key, where no fixture's losses show it. */
class FamilySpecsTest {
  private static final String SIZES =
      "'vocab_size': 517, 'hidden_size': 64, 'num_hidden_layers': 4, 'num_attention_heads': 4,"
          + " 'num_key_value_heads': 2, 'intermediate_size': 112, 'max_position_embeddings': 512";

  @Test
  void gemma3ReadsTheKeysOfTransformersFourAndFiveAlike() {
    DecoderSpec four =
        spec(
            "gemma3_text",
            "'rope_theta': 5e5, 'rope_local_base_freq': 9000, 'sliding_window': 16,"
                + " 'sliding_window_pattern': 2, 'rope_scaling': {'rope_type': 'linear',"
                + " 'factor': 8}");
    DecoderSpec five =
        spec(
            "gemma3_text",
            "'sliding_window': 16, 'layer_types': ['sliding_attention', 'full_attention',"
                + " 'sliding_attention', 'full_attention'], 'rope_parameters': {"
                + "'sliding_attention': {'rope_type': 'default', 'rope_theta': 9000},"
                + "'full_attention': {'rope_type': 'linear', 'factor': 8, 'rope_theta': 5e5}}");
    assertThat(four).isEqualTo(five);
    assertThat(four.layers()).extracting(Layer::window).containsExactly(16, 0, 16, 0);
    assertThat(four.rotaries()).extracting(Rotary::theta).containsExactly(9000.0, 5e5);
    assertThat(four.head().isTied()).isTrue();
    assertThat(four.embedding().multiplier()).isEqualTo(8);
  }

  /** The keys that the 4B's config has inside text_config, and no others. */
  @Test
  void gemma3WithImagesIsReadAsItsTextPart() {
    DecoderSpec spec =
        spec(
            "gemma3",
            "'text_config': {'model_type': 'gemma3_text', 'hidden_size': 2560,"
                + " 'intermediate_size': 10240, 'num_hidden_layers': 34, 'sliding_window': 1024,"
                + " 'rope_scaling': {'factor': 8.0, 'rope_type': 'linear'}}");
    assertThat(spec.family()).isEqualTo("gemma3_text");
    assertThat(spec.vocabulary()).isEqualTo(262_208);
    assertThat(spec.contextLength()).isEqualTo(131_072);
    assertThat(spec.attention().headDimension()).isEqualTo(256);
    assertThat(spec.layers()).filteredOn(layer -> layer.window() == 0).hasSize(5);
    assertThat(spec.rotaries())
        .containsExactly(
            new Rotary(10_000, 256, new RotaryScaling.None()),
            new Rotary(1_000_000, 256, new RotaryScaling.Linear(8)));
    DecoderWeight embedding = DecoderWeights.of(spec).get(0);
    assertThat(embedding.name()).isEqualTo("language_model.model.embed_tokens.weight");
    assertThat(embedding.bareName()).isEqualTo("model.embed_tokens.weight");
    assertThat(spec.parameters()).isEqualTo(3_880_263_168L); // without the tower of images
  }

  @Test
  void gemmaMeansTheApproximationWhateverItsFirstConfigsSay() {
    for (String keys :
        List.of(
            "'hidden_act': 'gelu'",
            "'hidden_act': 'gelu', 'hidden_activation': null",
            "'hidden_act': 'gelu', 'hidden_activation': 'gelu_pytorch_tanh'",
            "'rope_theta': 10000")) {
      FeedForward feedForward = spec("gemma", keys).layers().get(0).feedForward();
      assertThat(feedForward.activation()).isEqualTo(Activation.GELU_TANH);
    }
  }

  @Test
  void longRopeTakesTheOriginalContextFromEitherPlace() {
    String factors =
        "'short_factor': [1, 1, 1, 1, 1, 1, 1, 1], 'long_factor': [1, 2, 3, 4, 5, 6, 7, 8]}";
    DecoderSpec phi =
        spec(
            "phi3",
            "'original_max_position_embeddings': 128, 'rope_scaling': {'type': 'su', " + factors);
    assertThat(phi.rotaryThreshold()).isEqualTo(128);
    Rotary within = phi.rotaries().get(0);
    Rotary beyond = phi.rotariesBeyond().get(0);
    for (int pair = 0; pair < 8; pair++) {
      assertThat(beyond.inverseFrequencies()[pair])
          .isCloseTo(within.inverseFrequencies()[pair] / (pair + 1), within(1e-7f));
    }
    // A context of four times 128: √(1 + ln 4 / ln 128).
    assertThat(within.scaling().magnitude()).isCloseTo(1.133893419, within(1e-9));
    assertThat(beyond.scaling().magnitude()).isEqualTo(within.scaling().magnitude());
    DecoderSpec inside =
        spec(
            "phi3",
            "'rope_parameters': {'rope_type': 'longrope', 'rope_theta': 10000,"
                + " 'original_max_position_embeddings': 128, "
                + factors);
    assertThat(inside).isEqualTo(phi);
  }

  @Test
  void longRopeThatIsNeverExceededHasOneSetOfFrequencies() {
    DecoderSpec phi =
        spec(
            "phi3",
            "'original_max_position_embeddings': 512, 'rope_scaling': {'type': 'longrope',"
                + " 'short_factor': [1, 1, 1, 1, 1, 1, 1, 1], 'long_factor': [2, 2, 2, 2, 2, 2, 2,"
                + " 2]}");
    assertThat(phi.rotariesBeyond()).isEmpty();
    assertThat(phi.rotaries().get(0).scaling().magnitude()).isEqualTo(1);
  }

  @Test
  void longRopeNeedsOneFactorForEveryPair() {
    assertThatThrownBy(
            () ->
                spec(
                    "phi3",
                    "'rope_scaling': {'type': 'longrope', 'short_factor': [1, 1], 'long_factor':"
                        + " [1, 1]}"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("short_factor must be a list of 8 ");
    assertThatThrownBy(
            () ->
                spec(
                    "phi3",
                    "'rope_scaling': {'type': 'longrope', 'short_factor': [1, 1, 1, 1, 1, 1, 1, 0],"
                        + " 'long_factor': [1, 1, 1, 1, 1, 1, 1, 1]}"))
        .hasMessageContaining("Invalid factor of rope_scaling: must be above 0 and finite, got 0");
  }

  /** Heads of 16 from base 10,000 over 256 tokens: 32 turns at pair 0.21, one at pair 3.22. */
  @Test
  void yarnKeepsFastPairsDividesSlowOnesAndBlendsBetween() {
    DecoderSpec yarn =
        spec(
            "llama",
            "'rope_scaling': {'type': 'yarn', 'factor': 4, 'original_max_position_embeddings': 256}");
    RotaryScaling scaling = yarn.rotaries().get(0).scaling();
    assertThat(scaling).isEqualTo(new RotaryScaling.Yarn(4, 0, 4, 0.1 * Math.log(4) + 1));
    assertThat(scaling.scale(0, 1)).isEqualTo(1);
    assertThat(scaling.scale(1, 1)).isCloseTo(0.75 + 0.25 / 4, within(1e-12));
    assertThat(scaling.scale(4, 1)).isEqualTo(0.25);
    assertThat(scaling.scale(7, 1)).isEqualTo(0.25);
    assertThat(yarn.rotariesBeyond()).isEmpty();
  }

  @Test
  void yarnTakesItsMagnitudeFromTheConfigOrFromTwoScales() {
    String yarn = "'rope_scaling': {'type': 'yarn', 'factor': 4, 'beta_fast': 0";
    assertThat(spec("llama", yarn + ", 'attention_factor': 1.5}").rotaries().get(0).scaling())
        .extracting(RotaryScaling::magnitude)
        .isEqualTo(1.5);
    assertThat(
            spec("llama", yarn + ", 'mscale': 0.7, 'mscale_all_dim': 0.7}")
                .rotaries()
                .get(0)
                .scaling()
                .magnitude())
        .isEqualTo(1);
  }

  @Test
  void dynamicScalingLeavesWhatFitsTheContextAsItIs() {
    assertThat(spec("llama", "'rope_scaling': {'type': 'dynamic', 'factor': 4}"))
        .isEqualTo(spec("llama", "'rope_scaling': null"));
    assertThatThrownBy(
            () -> spec("llama", "'rope_scaling': {'type': 'dynamic', 'factor': 1, 'alpha': 1000}"))
        .hasMessageContaining("alpha of rope_type \"dynamic\" is not supported");
  }

  @Test
  void qwen3MoeHasDenseLayersWhereItsConfigSaysSo() {
    String keys = "'num_experts': 6, 'num_experts_per_tok': 2, 'moe_intermediate_size': 16";
    assertThat(sparse(spec("qwen3_moe", keys))).containsExactly(true, true, true, true);
    assertThat(sparse(spec("qwen3_moe", keys + ", 'mlp_only_layers': [0, 2]")))
        .containsExactly(false, true, false, true);
    assertThat(sparse(spec("qwen3_moe", keys + ", 'decoder_sparse_step': 2")))
        .containsExactly(false, true, false, true);
    DecoderSpec spec = spec("qwen3_moe", keys + ", 'mlp_only_layers': [0]");
    assertThat(DecoderWeights.of(spec))
        .extracting(DecoderWeight::name)
        .contains(
            "model.layers.0.mlp.down_proj.weight",
            "model.layers.1.mlp.gate.weight",
            "model.layers.3.mlp.experts.5.down_proj.weight")
        .doesNotContain("model.layers.0.mlp.gate.weight", "model.layers.1.mlp.down_proj.weight");
    assertThatThrownBy(() -> spec("qwen3_moe", keys.replace("tok': 2", "tok': 7")))
        .hasMessageContaining(
            "Invalid num_experts_per_tok: must be at least 1 and at most 6, got 7");
  }

  @Test
  void mixtralsExpertsAddUpToOneAndHaveItsNames() {
    DecoderSpec spec = spec("mixtral", "'num_local_experts': 4, 'sliding_window': null");
    assertThat(spec.layers().get(0).feedForward())
        .isEqualTo(new FeedForward.Experts(112, Activation.SILU, 4, 2, true));
    assertThat(spec.rotaries().get(0).theta()).isEqualTo(1e6);
    assertThat(DecoderWeights.of(spec))
        .extracting(DecoderWeight::name)
        .contains(
            "model.layers.3.block_sparse_moe.gate.weight",
            "model.layers.3.block_sparse_moe.experts.3.w2.weight");
  }

  @Test
  void stableLmsHeadsHaveNormsOfTheirOwn() {
    DecoderSpec spec = spec("stablelm", "'qk_layernorm': true, 'use_parallel_residual': true");
    assertThat(spec.placement()).isEqualTo(Placement.PARALLEL_ONE_NORM);
    assertThat(spec.rotaries().get(0).dimension()).isEqualTo(4);
    assertThat(DecoderWeights.of(spec))
        .extracting(DecoderWeight::name)
        .contains(
            "model.layers.1.self_attn.q_layernorm.norms.3.weight",
            "model.layers.1.self_attn.k_layernorm.norms.1.weight")
        .doesNotContain(
            "model.layers.1.self_attn.k_layernorm.norms.2.weight",
            "model.layers.1.self_attn.k_layernorm.norms.1.bias",
            "model.layers.1.post_attention_layernorm.weight");
  }

  @Test
  void whatNoDecoderOfOursDoesIsRefused() {
    assertThatThrownBy(() -> spec("gemma", "'use_bidirectional_attention': true"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("use_bidirectional_attention is not supported");
    assertThatThrownBy(() -> spec("gemma3_text", "'attn_logit_softcapping': 50"))
        .hasMessageContaining("attn_logit_softcapping of Gemma 3 is not supported");
    assertThatThrownBy(() -> spec("granite", "'logits_scaling': 0"))
        .hasMessageContaining("Invalid logits_scaling: must be above 0 and finite, got 0.0");
  }

  private static List<Boolean> sparse(DecoderSpec spec) {
    return spec.layers().stream()
        .map(layer -> layer.feedForward() instanceof FeedForward.Experts)
        .toList();
  }

  private static DecoderSpec spec(String family, String keys) {
    String json = "{'model_type': '" + family + "', " + SIZES + ", " + keys + "}";
    try {
      return Architectures.spec(
          new ObjectMapper().readTree(json.replace('\'', '"')), "config.json");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}

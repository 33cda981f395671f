package ai.icon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A golden folder that was converted to GGUF is read as what it was, for every family there is. */
class GgufFamilyTest {
  /** Norms of Gemma lose their last bits to the 1 that is added and taken away. */
  private static final float ADDED_ONE = 1e-7f;

  @TempDir static Path temp;

  @ParameterizedTest
  @MethodSource("ai.icon.djl.Golden#checkpoints")
  void tensorsHaveTheirNamesShapesAndValuesAgain(String name) throws Exception {
    Checkpoint folder = Checkpoint.open(golden(name));
    Checkpoint gguf = gguf(name);

    assertThat(gguf.tensors())
        .extracting(TensorInfo::name)
        .containsExactlyElementsOf(folder.tensors().stream().map(TensorInfo::name).toList());
    for (TensorInfo tensor : folder.tensors()) {
      TensorInfo found = gguf.require(tensor.name(), shape(tensor));
      assertThat(found.type()).isEqualTo(TensorType.FLOAT32);
      float[] expected = LlamaCppConverter.floats(folder, tensor);
      assertThat(LlamaCppConverter.floats(gguf, found))
          .as(tensor.name())
          .containsExactly(expected, within(name.startsWith("gemma") ? ADDED_ONE : 0f));
      assertRowsFromTheMiddle(gguf, found, expected);
    }
  }

  private static void assertRowsFromTheMiddle(Checkpoint gguf, TensorInfo tensor, float[] all) {
    long rows = tensor.shape().get(0);
    int values = (int) (tensor.elements() / rows);
    int first = (int) rows / 3;
    int count = (int) rows / 2;
    ByteBuffer piece = gguf.map(tensor, 4L * first * values, 4L * count * values);
    assertThat(piece.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(piece.isReadOnly() && piece.isDirect()).isTrue();
    assertThat(piece.remaining()).isEqualTo(4 * count * values);
    float[] found = new float[count * values];
    piece.asFloatBuffer().get(found);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(all[first * values + i], within(ADDED_ONE));
    }
  }

  /** What the config of the folder says and the GGUF can, in the folder's own words. */
  @ParameterizedTest
  @MethodSource("ai.icon.djl.Golden#checkpoints")
  void configSaysWhatItSaid(String name) throws Exception {
    JsonNode expected = Checkpoint.open(golden(name)).config();
    JsonNode found = gguf(name).config();

    for (String key : SAID) {
      if (expected.hasNonNull(key)) {
        assertThat(number(found.path(key))).as(key).isEqualTo(number(expected.path(key)));
      }
    }
    assertThat(found.path("model_type")).isEqualTo(expected.path("model_type"));
    assertThat(theta(found)).isEqualTo(theta(expected));
    assertThat(found.path("no_rope_layers")).isEqualTo(expected.path("no_rope_layers"));
    assertThat(found.path("rope_scaling").path("rope_type").asText("default"))
        .isEqualTo(expected.path("rope_scaling").path("rope_type").asText("default"));
  }

  private static final List<String> SAID =
      List.of(
          "vocab_size",
          "hidden_size",
          "intermediate_size",
          "num_hidden_layers",
          "num_attention_heads",
          "num_key_value_heads",
          "head_dim",
          "max_position_embeddings",
          "rms_norm_eps",
          "layer_norm_eps",
          "layer_norm_epsilon",
          "tie_word_embeddings",
          "sliding_window",
          "attn_logit_softcapping",
          "final_logit_softcapping",
          "query_pre_attn_scalar",
          "hidden_act",
          "hidden_activation",
          "activation_function",
          "attention_bias",
          "mlp_bias",
          "use_parallel_residual",
          "rotary_pct",
          "rotary_emb_base",
          "n_embd",
          "n_head",
          "n_layer",
          "n_positions",
          "bos_token_id",
          "eos_token_id");

  private static Object number(JsonNode node) {
    return node.isNumber() ? (Object) node.doubleValue() : node.asText();
  }

  private static double theta(JsonNode config) {
    return config
        .path("rope_parameters")
        .path("rope_theta")
        .asDouble(config.path("rope_theta").asDouble(10_000));
  }

  private static Checkpoint gguf(String name) throws Exception {
    Path file = temp.resolve(name + ".gguf");
    return Checkpoint.open(
        Files.exists(file) ? file : LlamaCppConverter.convert(golden(name), file));
  }

  private static long[] shape(TensorInfo tensor) {
    return tensor.shape().stream().mapToLong(Long::longValue).toArray();
  }

  private static Path golden(String name) throws Exception {
    return Path.of(GgufFamilyTest.class.getResource("/golden/llama").toURI())
        .resolveSibling(name)
        .normalize();
  }
}

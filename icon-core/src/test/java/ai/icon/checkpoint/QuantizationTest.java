package ai.icon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.error.UserError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** quantization_config as publishers write it. */
class QuantizationTest {
  private static final Path FILE = Path.of("m/config.json");

  @Test
  void noKeyAndNullAreNoQuantization() {
    assertThat(Quantization.of(json("{}"), FILE)).isEmpty();
    assertThat(Quantization.of(json("{'quantization_config': null}"), FILE)).isEmpty();
  }

  @Test
  void deepSeeksBlocksAreRead() {
    assertThat(
            of(
                "{'quant_method': 'fp8', 'fmt': 'e4m3', 'activation_scheme': 'dynamic',"
                    + " 'weight_block_size': [128, 64]}"))
        .isEqualTo(new Quantization(128, 64));
  }

  @Test
  void scalesOfTensorsAndRowsAreRead() {
    assertThat(of("{'quant_method': 'fp8', 'activation_scheme': 'static'}"))
        .isEqualTo(new Quantization(0, 0));
    assertThat(of("{'quant_method': 'fbgemm_fp8', 'activation_scale_ub': 1200.0}"))
        .isEqualTo(new Quantization(0, 0));
    assertThat(of(compressed("{'num_bits': 8, 'type': 'float', 'strategy': 'channel'}")))
        .isEqualTo(new Quantization(0, 0));
    assertThat(
            of(
                compressed(
                    "{'num_bits': 8, 'type': 'float', 'strategy': 'block',"
                        + " 'block_structure': [128, 128]}")))
        .isEqualTo(new Quantization(128, 128));
  }

  @ParameterizedTest
  @CsvSource({"gptq", "awq", "bitsandbytes", "mxfp4", "hqq", "torchao", "quark", "aqlm"})
  void otherMethodsAreRefusedByName(String method) {
    assertThatThrownBy(() -> of("{'quant_method': '" + method + "', 'bits': 4}"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "Cannot use m/config.json: its weights are quantised by a method that is not read:"
                + " quantization_config quant_method \""
                + method
                + "\"")
        .hasMessageContaining("the checkpoint that this one was made from");
  }

  @Test
  void otherFormsOfReadMethodsAreRefused() {
    refused("{'bits': 4}", "quantization_config without quant_method");
    refused("'int8'", "without quant_method");
    refused("{'quant_method': 'fp8', 'fmt': 'e5m2'}", "with fmt \"e5m2\"");
    refused(
        "{'quant_method': 'compressed-tensors', 'format': 'pack-quantized'}",
        "compressed-tensors with format \"pack-quantized\"");
    refused(
        compressed("{'num_bits': 4, 'type': 'int', 'strategy': 'group'}"),
        "weights of type \"int\", 4 bits, strategy group");
    refused(
        "{'quant_method': 'compressed-tensors', 'format': 'float-quantized',"
            + " 'sparsity_config': {'format': 'sparse-24-bitmask'}}",
        "with sparse weights, format \"sparse-24-bitmask\"");
    refused(
        "{'quant_method': 'fp8', 'weight_block_size': [128]}",
        "the block of a scale must be two whole numbers from 1, [rows, columns], got [128]");
    refused("{'quant_method': 'fp8', 'weight_block_size': [0, 128]}", "got [0,128]");
  }

  private static void refused(String quantization, String words) {
    assertThatThrownBy(() -> of(quantization))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Cannot use m/config.json: ")
        .hasMessageContaining(words);
  }

  private static String compressed(String weights) {
    return "{'quant_method': 'compressed-tensors', 'format': 'float-quantized', 'config_groups':"
        + " {'group_0': {'targets': ['Linear'], 'weights': "
        + weights
        + "}}}";
  }

  private static Quantization of(String quantization) {
    return Quantization.of(json("{'quantization_config': " + quantization + "}"), FILE)
        .orElseThrow();
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}

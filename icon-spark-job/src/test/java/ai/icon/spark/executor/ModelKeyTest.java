package ai.icon.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.djl.Precision;
import ai.icon.error.UserError;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.PromptConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelKeyTest {
  private static final PromptConfig PROMPT =
      new PromptConfig(PromptConfig.Template.RICO, "\n", 100, 100, 100);

  @ParameterizedTest
  @EnumSource(
      value = ModelConfig.Device.class,
      names = {"AUTO", "CPU"})
  void theModelRunsOnTheProcessor(ModelConfig.Device device) {
    assertThat(key(device, 3).device()).isEqualTo("cpu");
  }

  @Test
  void aGpuIsRefusedAndNotReplacedInSilence() {
    assertThatThrownBy(() -> key(ModelConfig.Device.GPU, 3))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot use --device gpu: this version runs on the CPU only.")
        .hasMessageContaining("set it to cpu");
  }

  @Test
  void zeroThreadsAreAllCores() {
    assertThat(key(ModelConfig.Device.CPU, 3).threads()).isEqualTo(3);
    assertThat(key(ModelConfig.Device.CPU, 0).threads())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  private static ModelKey key(ModelConfig.Device device, int threads) {
    return ModelKey.of(new ModelConfig("m", Precision.FLOAT32, device, threads), PROMPT, "f");
  }
}

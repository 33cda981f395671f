package ai.icon.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.icon.djl.Precision;
import ai.icon.spark.config.ModelConfig;
import ai.icon.spark.config.PromptConfig;
import org.junit.jupiter.api.Test;

class ModelKeyTest {
  private static final PromptConfig PROMPT =
      new PromptConfig(PromptConfig.Template.RICO, "\n", 100, 100, 100);

  @Test
  void zeroThreadsAreAllCoresOfThisMachine() {
    assertThat(key(3).threads()).isEqualTo(3);
    assertThat(key(0).threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(key(0).withThreads(7).threads()).isEqualTo(7);
  }

  @Test
  void aPassWithoutAThreadIsRefused() {
    assertThatThrownBy(() -> key(1).withThreads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid threads: must be at least 1, got 0");
  }

  @Test
  void twoKeysOfTheSameModelAndTextsAreEqual() {
    assertThat(key(2)).isEqualTo(key(2)).isNotEqualTo(key(3));
  }

  private static ModelKey key(int threads) {
    ModelConfig model =
        new ModelConfig("m", Precision.FLOAT32, ModelConfig.Device.AUTO, threads, "");
    return ModelKey.of(model, PROMPT, ModelSource.of(model), "f");
  }
}

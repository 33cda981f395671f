package ai.icon.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorInfoTest {
  private static final Path FILE = Path.of("w.safetensors");

  @Test
  void elementsAreTheProductOfTheShape() {
    assertThat(info(List.of(2L, 3L), 8, 12).elements()).isEqualTo(6);
    assertThat(info(List.of(), 8, 2).elements()).isEqualTo(1);
  }

  @Test
  void bytesMustFitTheShape() {
    assertThatThrownBy(() -> info(List.of(2L, 3L), 8, 11))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid tensor 'w': FLOAT16 of shape [2, 3] takes 12 bytes, got 11");
  }

  @Test
  void negativeNumbersAreRefused() {
    assertThatThrownBy(() -> info(List.of(1L), -1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid tensor 'w': offset must not be negative, got -1");
    assertThatThrownBy(() -> info(List.of(-1L), 0, -2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid shape: sizes must not be negative, got [-1]");
  }

  @Test
  void typesAreKnownByTheirSafetensorsName() {
    assertThat(TensorType.ofSafetensorsName("F32")).contains(TensorType.FLOAT32);
    assertThat(TensorType.ofSafetensorsName("F16")).contains(TensorType.FLOAT16);
    assertThat(TensorType.ofSafetensorsName("BF16")).contains(TensorType.BFLOAT16);
    assertThat(TensorType.ofSafetensorsName("f32")).isEmpty();
    assertThat(TensorType.values()).extracting(TensorType::bytes).containsExactly(4, 2, 2);
  }

  private static TensorInfo info(List<Long> shape, long offset, long bytes) {
    return new TensorInfo("w", TensorType.FLOAT16, shape, FILE, offset, bytes);
  }
}

package ai.icon.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StageInputsTest {
  @Test
  void changesNameEveryDifferenceInOrder() {
    StageInputs was = StageInputs.of(Map.of("measure", "rico", "seed", "1", "dtype", "f32"));
    StageInputs now = StageInputs.of(Map.of("measure", "log", "dtype", "f32", "model", "m"));

    assertThat(was.changesTo(now))
        .containsExactly(
            "measure: was rico, now log", "model: was (none), now m", "seed: was 1, now (none)");
    assertThat(was.changesTo(was)).isEmpty();
  }

  @Test
  void fingerprintTellsNamesFromValues() {
    assertThat(StageInputs.of(Map.of("ab", "c")).fingerprint())
        .hasSize(32)
        .isNotEqualTo(StageInputs.of(Map.of("a", "bc")).fingerprint())
        .isEqualTo(StageInputs.of(Map.of("ab", "c")).fingerprint());
  }
}

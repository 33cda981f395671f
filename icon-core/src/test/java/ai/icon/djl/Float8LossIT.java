package ai.icon.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.icon.checkpoint.Checkpoint;
import ai.icon.loss.Continuation;
import ai.icon.loss.EncodedPrefix;
import ai.icon.loss.LengthBatch;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints of 8-bit floats against losses that make_float8.py took in float64. */
class Float8LossIT {
  @ParameterizedTest
  @ValueSource(strings = {"llama-float8", "llama-float8-rows"})
  void narrowFloatsGiveTheLossesOfWhatTheyStandFor(String name) {
    Checkpoint checkpoint = Checkpoint.open(Golden.folder(name));
    assertThat(checkpoint.parameters()).isEqualTo(168_000);
    try (DjlDecoder decoder = DjlDecoder.load(checkpoint, Precision.FLOAT32, "cpu", 1);
        EncodedPrefix nothing = new DjlLossModel(decoder).encode(new int[0])) {
      List<Golden.Case> cases = Golden.cases(name);
      assertThat(cases).hasSize(6);
      for (Golden.Case golden : cases) {
        Continuation whole = new Continuation(golden.ids(), golden.start());
        float[] nll = nothing.losses(new LengthBatch(List.of(0), List.of(whole))).get(0).tokenNll();
        assertThat(nll).hasSize(golden.tokenNll().length);
        for (int i = 0; i < nll.length; i++) {
          assertThat((double) nll[i]).isCloseTo(golden.tokenNll()[i], within(Golden.TOLERANCE));
        }
      }
    }
  }
}

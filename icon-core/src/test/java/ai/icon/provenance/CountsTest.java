package ai.icon.provenance;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CountsTest {
  /** read 100 = 5 + 4 + 3 + 8 + 80; pairs 200 = 20 × 10. */
  private static Counts counts(long read, long pairs, long ranked, long selected, long scored) {
    return new Counts(read, 5, 4, 3, 10, 8, 80, 20, scored, pairs, 1, ranked, selected, 999);
  }

  @Test
  void countsThatAddUpPass() {
    assertThatCode(() -> counts(100, 200, 80, 80, 20).check()).doesNotThrowAnyException();
  }

  @Test
  void brokenSumIsNamedWithItsTerms() {
    assertThatThrownBy(() -> counts(101, 200, 80, 12, 20).check())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Invalid counts: read = rejects + duplicates + overlap + assessmentFromPool + pool must"
                + " hold, got 101 and 5 + 4 + 3 + 8 + 80");
    assertThatThrownBy(() -> counts(100, 199, 80, 12, 20).check())
        .hasMessage("Invalid counts: pairs = scored × assessment must hold, got 199 and 20 × 10");
    assertThatThrownBy(() -> counts(100, 200, 79, 12, 20).check())
        .hasMessage("Invalid counts: ranked = pool must hold, got 79 and 80");
    assertThatThrownBy(() -> counts(100, 200, 80, 81, 20).check())
        .hasMessage("Invalid counts: selected <= ranked must hold, got 81 and 80");
    assertThatThrownBy(() -> counts(100, 210, 80, 12, 21).check())
        .hasMessage("Invalid counts: scored <= candidates must hold, got 21 and 20");
  }
}

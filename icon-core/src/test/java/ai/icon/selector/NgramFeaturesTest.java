package ai.icon.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.icon.error.UserError;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class NgramFeaturesTest {
  @Test
  void wordsAndPairsAreCountedInTheirBuckets() {
    // a b a: a twice, b, "a b", "b a" once each
    double[] features = NgramFeatures.of("a b", "a", 3);
    double norm = Math.sqrt(Math.pow(Math.log(3), 2) + 3 * Math.pow(Math.log(2), 2));
    double[] inUse =
        Arrays.stream(features, 0, NgramFeatures.BUCKETS).filter(v -> v != 0).sorted().toArray();
    assertThat(inUse)
        .containsExactly(
            new double[] {
              Math.log(2) / norm, Math.log(2) / norm, Math.log(2) / norm, Math.log(3) / norm
            },
            within(1e-12));
  }

  @Test
  void lengthsStandBehindTheBuckets() {
    double[] features = NgramFeatures.of("prompt", "four", 9);
    assertThat(features).hasSize(NgramFeatures.DIMENSION);
    assertThat(features[1024]).isCloseTo(Math.log(10), within(1e-12));
    assertThat(features[1025]).isCloseTo(Math.log(5), within(1e-12));
  }

  @Test
  void caseAndPunctuationDoNotMatterButOrderDoes() {
    assertThat(NgramFeatures.of("Write, a-POEM!", "Über 7", 5))
        .isEqualTo(NgramFeatures.of("write a poem", "über 7", 5));
    assertThat(NgramFeatures.of("a b c", "x", 5)).isNotEqualTo(NgramFeatures.of("c b a", "x", 5));
  }

  @Test
  void localeOfTheMachineDoesNotMatter() {
    double[] here = NgramFeatures.of("TITLE", "I", 2);
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertThat(NgramFeatures.of("TITLE", "I", 2)).isEqualTo(here);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void textWithoutWordsHasLengthOnly() {
    double[] features = NgramFeatures.of("--", "!!", 2);
    assertThat(Arrays.stream(features, 0, 1024).sum()).isZero();
    assertThat(features[1025]).isPositive();
    assertThatThrownBy(() -> NgramFeatures.of("a", "b", -1))
        .hasMessage("Invalid tokens: must be at least 0, got -1");
  }

  @Test
  void kindIsReadByItsSettingName() {
    assertThat(SelectorKind.parse("probe")).isEqualTo(SelectorKind.PROBE);
    assertThat(SelectorKind.parse("ngram")).isEqualTo(SelectorKind.NGRAM);
    assertThatThrownBy(() -> SelectorKind.parse("lora"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("must be one of probe, ngram, got 'lora'");
  }
}
